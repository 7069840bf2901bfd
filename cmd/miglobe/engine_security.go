package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"go.temporal.io/sdk/client"
)

// engineSecurityProblems finds what would keep the client from a secured cluster. Files are read as they will be.
func (c config) engineSecurityProblems() []problem {
	var problems []problem
	for _, file := range []struct{ variable, name string }{
		{"TEMPORAL_TLS_CA_FILE", c.TemporalTLSCAFile}, {"TEMPORAL_TLS_CERT_FILE", c.TemporalTLSCertFile},
		{"TEMPORAL_TLS_KEY_FILE", c.TemporalTLSKeyFile},
	} {
		if file.name == "" {
			continue
		}
		_, err := os.ReadFile(file.name)
		problems = check(problems, err == nil, file.variable, file.name, "a file that can be read")
		problems = check(problems, c.TemporalTLS, "TEMPORAL_TLS", strconv.FormatBool(c.TemporalTLS), "true where "+prefix+file.variable+" is set")
	}
	problems = check(problems, c.TemporalTLS || c.TemporalAPIKey == "", "TEMPORAL_TLS", strconv.FormatBool(c.TemporalTLS),
		"true where an API key is set: it would travel in the clear")
	problems = check(problems, c.TemporalTLSKeyFile == "" || c.TemporalTLSCertFile != "", "TEMPORAL_TLS_CERT_FILE", c.TemporalTLSCertFile,
		"a file with the certificate of "+prefix+"TEMPORAL_TLS_KEY_FILE")
	problems = check(problems, c.TemporalTLSCertFile == "" || c.TemporalTLSKeyFile != "", "TEMPORAL_TLS_KEY_FILE", c.TemporalTLSKeyFile,
		"a file with the key of "+prefix+"TEMPORAL_TLS_CERT_FILE")
	if len(problems) > 0 {
		return problems
	}
	if _, err := c.engineAuthorities(); err != nil {
		problems = append(problems, problem{"TEMPORAL_TLS_CA_FILE", c.TemporalTLSCAFile, "certificates in PEM"})
	}
	if c.TemporalTLSCertFile != "" {
		if _, err := c.engineCertificate(); err != nil {
			problems = append(problems, problem{"TEMPORAL_TLS_CERT_FILE", c.TemporalTLSCertFile, "a certificate and its key in PEM"})
		}
	}
	return problems
}

// secure adds to the options of the engine's client how it proves who it is.
func (c config) secure(options client.Options) (client.Options, error) {
	if !c.TemporalTLS {
		return options, nil
	}
	authorities, err := c.engineAuthorities()
	if err != nil {
		return options, fmt.Errorf("%sTEMPORAL_TLS_CA_FILE: %w", prefix, err)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: authorities, ServerName: c.TemporalTLSServerName}
	if c.TemporalTLSCertFile != "" {
		// Read anew for every connection, so that a renewed certificate is taken up.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return c.engineCertificate() }
	}
	options.ConnectionOptions.TLS = config
	switch {
	case c.TemporalAPIKeyFile != "":
		// Read anew for every call, so that a renewed key is taken up.
		options.Credentials = client.NewAPIKeyDynamicCredentials(func(context.Context) (string, error) {
			content, err := os.ReadFile(c.TemporalAPIKeyFile)
			return strings.TrimSpace(string(content)), err
		})
	case c.TemporalAPIKey != "":
		options.Credentials = client.NewAPIKeyStaticCredentials(c.TemporalAPIKey)
	}
	return options, nil
}

// engineAuthorities are who may vouch for the cluster; nil: those that the system trusts.
func (c config) engineAuthorities() (*x509.CertPool, error) {
	if c.TemporalTLSCAFile == "" {
		return nil, nil
	}
	content, err := os.ReadFile(c.TemporalTLSCAFile)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(content) {
		return nil, errors.New("no certificate in " + c.TemporalTLSCAFile)
	}
	return pool, nil
}

func (c config) engineCertificate() (*tls.Certificate, error) {
	certificate, err := tls.LoadX509KeyPair(c.TemporalTLSCertFile, c.TemporalTLSKeyFile)
	return &certificate, err
}
