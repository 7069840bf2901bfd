package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

// visitor is what a cluster sees of a client.
type visitor struct{ certificate, key string }

// cluster demands a certificate that its authority has signed, and tells who came.
func cluster(t *testing.T, ca *authority) (address string, visitors <-chan visitor) {
	t.Helper()
	came := make(chan visitor, 16)
	own := ca.sign(t, "engine.example")
	pair, err := tls.LoadX509KeyPair(own.certificate, own.key)
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(
		grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.pool})),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			from, _ := peer.FromContext(stream.Context())
			said, _ := metadata.FromIncomingContext(stream.Context())
			came <- visitor{
				certificate: from.AuthInfo.(credentials.TLSInfo).State.PeerCertificates[0].Subject.CommonName,
				key:         strings.Join(said.Get("authorization"), " "),
			}
			return status.Error(codes.Unimplemented, "only the door is tested")
		}))
	listener := loopback(t)
	go server.Serve(listener) //nolint:errcheck // ends with the test
	t.Cleanup(server.Stop)
	return listener.Addr().String(), came
}

func TestCertificateAndKeyReachTheCluster(t *testing.T) {
	ca := newAuthority(t)
	address, visitors := cluster(t, ca)
	own := ca.sign(t, "first")
	apiKey := filepath.Join(t.TempDir(), "key")
	write(t, apiKey, "first-key\n")
	for variable, value := range map[string]string{
		"TEMPORAL_ADDRESS": address, "TEMPORAL_TLS": "true", "TEMPORAL_TLS_CA_FILE": ca.file, "TEMPORAL_TLS_SERVER_NAME": "engine.example",
		"TEMPORAL_TLS_CERT_FILE": own.certificate, "TEMPORAL_TLS_KEY_FILE": own.key, "TEMPORAL_API_KEY_FILE": apiKey,
	} {
		t.Setenv("MIGLOBE_"+variable, value)
	}
	c, err := readConfig(needsEngine)
	if err != nil {
		t.Fatal(err)
	}
	visit := func(want visitor) {
		t.Helper()
		engine, err := c.engineClient(slog.New(slog.DiscardHandler), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer engine.Close()
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		engine.CheckHealth(ctx, &client.CheckHealthRequest{}) //nolint:errcheck // the cluster says no to everything
		select {
		case got := <-visitors:
			if got != want {
				t.Errorf("%+v came, want %+v", got, want)
			}
		default:
			t.Error("nobody came")
		}
	}
	visit(visitor{"first", "Bearer first-key"})

	for len(visitors) > 0 {
		<-visitors
	}
	renewed := ca.sign(t, "renewed")
	rename(t, renewed.certificate, own.certificate)
	rename(t, renewed.key, own.key)
	write(t, apiKey, "renewed-key\n")
	visit(visitor{"renewed", "Bearer renewed-key"})
}

func TestAnIncompleteSecurityOfTheEngineIsRefused(t *testing.T) {
	ca := newAuthority(t)
	own := ca.sign(t, "client")
	nonsense := filepath.Join(t.TempDir(), "nonsense")
	write(t, nonsense, "nonsense")
	for name, test := range map[string]struct {
		set  map[string]string
		want string
	}{
		"key without certificate": {map[string]string{"TLS": "true", "TLS_KEY_FILE": own.key}, "MIGLOBE_TEMPORAL_TLS_CERT_FILE: found nothing, expected"},
		"certificate without key": {map[string]string{"TLS": "true", "TLS_CERT_FILE": own.certificate}, "MIGLOBE_TEMPORAL_TLS_KEY_FILE: found nothing, expected"},
		"not switched on":         {map[string]string{"TLS_CA_FILE": ca.file}, `MIGLOBE_TEMPORAL_TLS: found "false", expected true`},
		"API key in the clear":    {map[string]string{"API_KEY": "secret"}, `MIGLOBE_TEMPORAL_TLS: found "false", expected true`},
		"no such file":            {map[string]string{"TLS": "true", "TLS_CA_FILE": "/no/such/file"}, `MIGLOBE_TEMPORAL_TLS_CA_FILE: found "/no/such/file", expected a file`},
		"no authority":            {map[string]string{"TLS": "true", "TLS_CA_FILE": nonsense}, "MIGLOBE_TEMPORAL_TLS_CA_FILE"},
		"no certificate":          {map[string]string{"TLS": "true", "TLS_CERT_FILE": nonsense, "TLS_KEY_FILE": nonsense}, "MIGLOBE_TEMPORAL_TLS_CERT_FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.set {
				t.Setenv("MIGLOBE_TEMPORAL_"+variable, value)
			}
			_, err := readConfig(needsEngine)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%v tells the key", err)
			}
		})
	}
}

// authority signs certificates for a test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pool        *x509.CertPool
	file        string
}

type signed struct{ certificate, key string }

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{pool: x509.NewCertPool(), file: filepath.Join(t.TempDir(), "ca.pem")}
	a.certificate = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	content, key := a.issue(t, a.certificate)
	a.key = key
	write(t, a.file, string(content))
	a.pool.AppendCertsFromPEM(content)
	return a
}

// sign writes a certificate for a name, and its key, to files.
func (a *authority) sign(t *testing.T, name string) signed {
	t.Helper()
	content, key := a.issue(t, &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	})
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	s := signed{certificate: filepath.Join(folder, "certificate.pem"), key: filepath.Join(folder, "key.pem")}
	write(t, s.certificate, string(content))
	write(t, s.key, string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private})))
	return s
}

func (a *authority) issue(t *testing.T, template *x509.Certificate) ([]byte, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer := a.key
	if signer == nil {
		signer = key
	}
	content, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: content}), key
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}
