package browser_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// violation is a rule of axe-core that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string
		FailureSummary string
	}
}

// flawless remembers the pages that have been checked and found right: many are the same as one before.
var flawless sync.Map

// violations runs all rules of axe-core on the page, with everything unfolded that can be.
func (v *visitor) violations() []violation {
	v.Helper()
	ctx, cancel := v.patiently()
	defer cancel()
	page, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.outerHTML`))
	v.must(err)
	key := sha256.Sum256([]byte(v.device.name + page))
	if _, known := flawless.Load(key); known {
		return nil
	}
	if !v.scripts { // the page's own script did not run; the checks may
		v.allowScripts(true)
		defer v.allowScripts(false)
	}
	_, err = chromedp.Run(ctx, chromedp.Evaluate[bool](`(() => {`+axe+`; return true})()`))
	v.must(err)
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]violation](`(async () => {
		const page = `+controls+`;
		page.openDetails(true);
		const result = await axe.run(document, {resultTypes: ['violations'], elementRef: false});
		page.openDetails(false);
		return result.violations.map(v => ({id: v.id, help: v.help,
			nodes: v.nodes.map(n => ({html: n.html, failureSummary: n.failureSummary}))}));
	})()`, chromedp.EvalAwaitPromise))
	v.must(err)
	if len(found) == 0 {
		flawless.Store(key, true)
	}
	return found
}

// String names the rule and shows where it is broken.
func (v violation) String() string {
	lines := []string{v.ID + ", " + v.Help}
	for _, node := range v.Nodes {
		lines = append(lines, fmt.Sprintf("  %.220s\n    %s", node.HTML, strings.ReplaceAll(node.FailureSummary, "\n", " ")))
	}
	return strings.Join(lines, "\n")
}
