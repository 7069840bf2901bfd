// Package browser_test drives the product as people do: in Chromium, on the real stack, with the mails read from the
// catcher. Nothing here waits for a length of time; everything waits for what a person would see.
package browser_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"miglobe/advisory"
	"miglobe/local/product"
	"miglobe/local/stack"
)

// speed is how fast business time runs: a second is ten minutes, so that an appointment is over in seconds and no
// deadline of the journey comes before its test is over.
const speed = 600

// monday is when business time begins: eight o'clock, in a week without public holidays in any Land.
var monday = time.Date(2027, 4, 12, 8, 0, 0, 0, advisory.Berlin)

// together is how many tests run at the same time: they mostly wait, for mails and for appointments to be over.
const together = 6

// patience is the longest wait for anything that a person expects to see. Nothing is meant to take long.
const patience = 90 * time.Second

var (
	around *stack.Stack
	app    *product.Product
	chrome context.Context
	axe    string // the accessibility checks, as a script
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(together)); err != nil {
		panic(err)
	}
	executable, err := findChromium()
	if err != nil {
		if os.Getenv("MIGLOBE_REQUIRE_BROWSER") != "" {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println("skipped:", err)
		return 0
	}
	folder, err := os.MkdirTemp("", "miglobe-browser-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL enters it as another user
		panic(err)
	}
	for _, start := range []func(string) (func(), error){startProduct, startChromium(executable), readAxe} {
		stop, err := start(folder)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer stop()
	}
	return m.Run()
}

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium: apt-get install chromium")
}

// startProduct starts the stack and the product on it, pages and worker.
func startProduct(folder string) (func(), error) {
	starting, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	level := slog.LevelError
	if os.Getenv("MIGLOBE_LOG") != "" {
		level = slog.LevelInfo
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	var err error
	if around, err = stack.Start(starting, stack.Settings{Folder: folder, Disposable: true, Log: log}); err != nil {
		return nil, fmt.Errorf("stack: %w", err)
	}
	app, err = product.Open(starting, around, advisory.NewClock(time.Now(), monday, speed), log)
	if err == nil {
		err = app.Serve()
	}
	if err == nil {
		err = app.StartWorker()
	}
	if err != nil {
		around.Stop() //nolint:errcheck // the first error tells
		return nil, fmt.Errorf("product: %w", err)
	}
	return func() {
		app.Stop()    //nolint:errcheck // the folder goes anyway
		around.Stop() //nolint:errcheck // see above
	}, nil
}

// startChromium starts one browser; every visitor gets a profile of its own in it.
func startChromium(executable string) func(string) (func(), error) {
	return func(folder string) (func(), error) {
		options := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(executable), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.UserDataDir(filepath.Join(folder, "chromium")),
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
			chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "de-DE"),
		)
		allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
		browser, stopBrowser := chromedp.NewContext(allocator)
		if err := chromedp.Do(browser); err != nil {
			stopBrowser()
			stopAllocator()
			return nil, fmt.Errorf("chromium: %w", err)
		}
		chrome = browser
		return func() {
			stopBrowser()
			stopAllocator()
		}, nil
	}
}

// readAxe finds the accessibility checks among the packages that `make` puts in place at the root of the repository.
func readAxe(string) (func(), error) {
	path := filepath.Join("..", "..", "node_modules", "axe-core", "axe.min.js")
	script, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("accessibility checks: %w (npm ci)", err)
	}
	axe = string(script)
	return func() {}, nil
}
