package browser_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pictures is the folder for pictures, "" where nobody wants any.
func pictures() string { return os.Getenv("MIGLOBE_SCREENSHOTS") }

// screenshot keeps the whole page as a picture, if the environment names a folder for it.
func (v *visitor) screenshot(name string) {
	folder := pictures()
	if folder == "" {
		return
	}
	ctx, cancel := v.patiently()
	defer cancel()
	// What sticks stands where it begins.
	height, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`(scrollTo(0, 0), document.documentElement.getBoundingClientRect().height)`))
	var picture page.CaptureScreenshotResult
	if err == nil {
		beyond := true
		picture, err = chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond,
			Clip: &page.Viewport{Width: float64(v.width), Height: height, Scale: 1}})
	}
	if err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, fileName(name)+".png"), picture.Data, 0o644)
	}
	if err != nil {
		v.Logf("no picture of %s: %v", v.here.Path, err)
	}
}

var notInFileNames = regexp.MustCompile(`[^\p{L}\p{N}]+`)

func fileName(text string) string {
	return strings.Trim(notInFileNames.ReplaceAllString(text, "-"), "-")
}
