package server

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// The design system below static/kern comes from npm and is put there by "make assets"; pages are readable without it.
//
//go:embed all:static
var staticFiles embed.FS

// assets are the hashes of the files below static, by their path.
type assets map[string]string

func hashAssets() assets {
	hashes := assets{}
	fs.WalkDir(staticFiles, "static", func(name string, entry fs.DirEntry, err error) error { //nolint:errcheck // embedded
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := staticFiles.ReadFile(name)
		sum := sha256.Sum256(content)
		hashes[strings.TrimPrefix(name, "static/")] = hex.EncodeToString(sum[:6])
		return err
	})
	return hashes
}

// url is the address of a file with its hash, so that it may be cached for ever.
func (a assets) url(name string) string { return "/static/" + name + "?v=" + a[name] }

func (s *Server) serveAsset(c echo.Context) error {
	name := path.Clean(c.Param("*"))
	hash, ok := s.assets[name]
	if !ok || strings.HasSuffix(name, ".md") {
		return echo.ErrNotFound
	}
	content, err := staticFiles.ReadFile("static/" + name)
	if err != nil {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("ETag", `"`+hash+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=86400")
	if c.QueryParam("v") == hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		h.Set("Content-Type", kind)
	}
	http.ServeContent(c.Response(), c.Request(), name, time.Time{}, bytes.NewReader(content))
	return nil
}
