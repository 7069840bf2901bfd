package browser_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"miglobe/advisory"
)

// TestCase: a coordinator reads a consultation, asks a colleague in an internal note, and prints the summary; the colleague
// comes by the workbench or the mail. Once at a desk, once on a phone without scripts.
func TestCase(t *testing.T) {
	t.Parallel()
	c := filed(t, "Akteneinsicht am Rhein").until(advisory.Evaluation)
	for _, d := range []device{desk, phone} {
		colleague := person(t, advisory.Coordinator, "Robin")
		jona, robin := visits(t, d, person(t, advisory.Coordinator, "Jona")), visits(t, d, colleague)
		shot := func(v *visitor, name string) { v.screenshot("case-" + name + "-" + d.name) }
		jona.signIn()
		jona.open(c.page())
		jona.sees("So geht es weiter", "alles gesendet", "Zusammenfassung zum Drucken", c.amina.Name())
		shot(jona, "consultation")
		jona.follow("Termine")
		jona.sees("Termin festgelegt")
		jona.seesNot("Bedarf festgehalten")
		shot(jona, "timeline-appointments")
		jona.open(c.page())
		jona.fill("Ihre Notiz", "Frage an @"+colleague.Name()+": Kennst du den Rat? <b>Bitte bis Freitag.</b>")
		jona.press("Notiz speichern")
		jona.isTold("Gespeichert. Einen Hinweis bekommen: " + colleague.Name() + ".")
		jona.sees("<b>Bitte bis Freitag.</b>")
		shot(jona, "note-saved")

		robin.signIn()
		robin.open("/arbeitsplatz")
		robin.sees("Sie wurden erwähnt", c.town)
		shot(robin, "mentioned")
		robin.followsMail("Sie wurden in einer internen Notiz erwähnt", "Notiz lesen")
		robin.sees("Kennst du den Rat?")
		shot(robin, "note-read")
		robin.open("/arbeitsplatz")
		robin.seesNot("Sie wurden erwähnt")

		jona.open(c.page())
		jona.follow("Zusammenfassung zum Drucken")
		jona.seesNot("Kennst du den Rat?")
		shot(jona, "summary")
		jona.paper("case-summary")
		jona.follow("Mit internen Notizen")
		jona.sees("Kennst du den Rat?", "nur für die Koordination")
		shot(jona, "summary-notes")
	}
}

// TestBoard: from the list to the board and back, with the filter.
func TestBoard(t *testing.T) {
	t.Parallel()
	for _, stage := range []advisory.Stage{advisory.Review, advisory.Assignment, advisory.Dialogue} {
		filed(t, "Tafelrunde an der Saale").until(stage)
	}
	for _, d := range []device{desk, phone} {
		v := visits(t, d, person(t, advisory.LeadCoordinator, "Lea"))
		v.signIn()
		v.open("/vorgaenge?q=Tafelrunde")
		v.screenshot("board-list-" + d.name)
		v.follow("Tafel")
		v.expect("Beratungen nach Station")
		v.sees("Tafelrunde an der Saale", "Prüfung", "Nachschau")
		v.screenshot("board-" + d.name)
		v.follow("Meine")
		v.sees("haben wir nichts gefunden")
		v.screenshot("board-empty-" + d.name)
		v.follow("Alle")
		v.follow("Liste")
		v.sees("Tafelrunde an der Saale")
	}
}

// paper keeps the page as it is printed, if the environment names a folder for it.
func (v *visitor) paper(name string) {
	v.Helper()
	ctx, cancel := v.patiently()
	defer cancel()
	printed, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{})
	v.must(err)
	if len(printed.Data) == 0 {
		v.Errorf("%s prints nothing of %s", v.name, v.here.Path)
	}
	if folder := pictures(); folder != "" {
		v.must(os.WriteFile(filepath.Join(folder, name+"-"+v.device.name+".pdf"), printed.Data, 0o644))
		media := func(kind string, width int64) {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind})
			v.must(err)
			_, err = chromedp.Call(ctx, emulation.SetDeviceMetricsOverride,
				emulation.SetDeviceMetricsOverrideParams{Width: width, Height: v.device.height, DeviceScaleFactor: 1})
			v.must(err)
		}
		media("print", paperWidth)
		v.screenshot(name + "-paper-" + v.device.name)
		media("screen", v.device.width)
	}
}

// paperWidth is what is left of a sheet of A4 between its margins, in pixels.
const paperWidth = 660
