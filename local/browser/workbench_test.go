package browser_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"miglobe/advisory"
	"miglobe/store"
)

// holds asks the page for something that no visible word tells, such as where the focus is.
func (v *visitor) holds(expression string) bool {
	v.Helper()
	ctx, cancel := v.patiently()
	defer cancel()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!(`+expression+`)`))
	v.must(err)
	return found
}

// types presses the key of a character without leaving the page.
func (v *visitor) types(key string) {
	v.Helper()
	for _, event := range []input.DispatchKeyEventParams{
		{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key}, {Type: input.DispatchKeyEventTypeKeyUp, Key: key},
	} {
		_, err := chromedp.Call(v.ctx, input.DispatchKeyEvent, event)
		v.must(err)
	}
}

// picks clicks the box of a task in a list.
func (v *visitor) picks(task store.Task) {
	v.Helper()
	box := fmt.Sprintf(`document.querySelector('input[name=auswahl][value="%s"]')`, task.ID)
	ctx, cancel := v.patiently()
	defer cancel()
	at, err := chromedp.Run(ctx, chromedp.Evaluate[point](`(() => { const box = `+box+`; box.scrollIntoView({block: 'center', behavior: 'instant'});
		const r = box.getBoundingClientRect(); return {x: r.left + r.width / 2, y: r.top + r.height / 2} })()`))
	v.must(err)
	v.click(at)
	if !v.holds(box + `.checked`) {
		v.Fatalf("%s clicked the box of %s, and it is not chosen", v.name, task.Kind)
	}
}

// TestWorkbenchDay: a coordinator claims two requests at once, filters, saves the filter, and hands two tasks over of which
// one is gone meanwhile; the colleague puts one aside on a phone without scripts.
func TestWorkbenchDay(t *testing.T) {
	t.Parallel()
	const town = "Sammelstadt"
	first, second := filed(t, town), filed(t, town)
	colleague := person(t, advisory.Coordinator, "Robin")
	kim, robin := visits(t, desk, first.kim), visits(t, phone, colleague)
	kim.signIn()
	kim.open("/arbeitsplatz?liste=unclaimed&q=" + town)
	kim.sees(first.number, second.number)
	kim.pressFor(422, "Übernehmen", "Mit den ausgewählten Aufgaben")
	kim.isTold("Es ist keine Aufgabe ausgewählt")
	kim.screenshot("workbench-nothing-chosen-1280")
	kim.follow("Zurück zur Liste")
	kim.follow("Alle auf dieser Seite auswählen")
	kim.screenshot("workbench-chosen-1280")
	kim.press("Übernehmen", "Mit den ausgewählten Aufgaben")
	kim.expect("Aufgaben übernehmen")
	kim.screenshot("workbench-claim-1280")
	kim.press("2 Aufgaben übernehmen")
	kim.isTold("Sie haben 2 Aufgaben übernommen.")
	kim.seesNot(first.number, second.number)

	kim.open("/arbeitsplatz")
	kim.follow("Team")
	kim.fill("Suche", town)
	kim.unfold("Weitere Filter")
	kim.set("Offene Aufgabe", "Prüfen Sie die Anfrage")
	kim.set("Land", "Nordrhein-Westfalen")
	kim.press("Filtern", "Aufgaben suchen und filtern")
	kim.sees(first.number, second.number)
	kim.unfold("Gespeicherte Filter")
	kim.fill("Name", "Prüfungen "+town)
	kim.tick("Mit dem Team teilen")
	kim.press("Filter speichern")
	kim.isTold("Der Filter „Prüfungen " + town + "“ ist gespeichert.")
	kim.screenshot("workbench-filtered-1280")

	reviews := []store.Task{first.task(advisory.ReviewRequest), second.task(advisory.ReviewRequest)}
	kim.picksByKeys()
	kim.press("Übergeben", "Mit den ausgewählten Aufgaben")
	kim.pressFor(422, "2 Aufgaben übergeben")
	kim.set("An wen?", colleague.Name())
	second.says(second.kim, advisory.ReviewRequest, advisory.Accept, "accept_request", nil)
	kim.press("2 Aufgaben übergeben")
	kim.isTold("1 Aufgabe ist übergeben.")
	kim.sees("Nicht geändert", second.number, "Inzwischen von "+second.kim.Name()+" erledigt.")
	kim.screenshot("workbench-result-1280")
	kim.follow("Zurück zur Liste")

	robin.signIn()
	robin.open("/arbeitsplatz?q=" + town)
	robin.sees(first.number)
	if robin.holds(`document.querySelector('[data-keys]').checkVisibility()`) {
		t.Error("keys are offered where they do not work")
	}
	robin.screenshot("workbench-mine-390")
	robin.picks(reviews[0])
	robin.press("Auf Wiedervorlage legen", "Mit den ausgewählten Aufgaben")
	robin.screenshot("workbench-bring-forward-390")
	robin.set("Wieder zeigen ab", app.Clock.Now().In(advisory.Berlin).AddDate(0, 0, 6).Format(time.DateOnly))
	robin.press("1 Aufgabe auf Wiedervorlage legen")
	robin.isTold("1 Aufgabe liegt auf Wiedervorlage.")
	robin.seesNot(first.number)
	robin.open("/arbeitsplatz?liste=resting")
	robin.open("/arbeitsplatz")
	robin.unfold("Gespeicherte Filter")
	robin.follow("Prüfungen " + town)
	robin.sees(first.number, "Wiedervorlage am")
	robin.screenshot("workbench-saved-390")
}

// picksByKeys chooses the first two tasks of the list with the keyboard alone, and tries the other keys.
func (v *visitor) picksByKeys() {
	v.Helper()
	v.types("j")
	v.types("x")
	v.types("j")
	v.types("x")
	v.types("k")
	if !v.holds(`document.querySelectorAll('input[name=auswahl]:checked').length === 2 &&
		document.activeElement.closest('[data-row]') === document.querySelector('[data-row]')`) {
		v.Error("j, k and x do not choose the rows")
	}
	v.types("?")
	if !v.holds(`document.querySelector('#tasten').open`) {
		v.Error("? does not open the help")
	}
	v.screenshot("workbench-keys-1280")
	v.types("/")
	v.types("x")
	if !v.holds(`document.activeElement.id === 'q' && document.activeElement.value === 'x' &&
		document.querySelectorAll('input[name=auswahl]:checked').length === 2`) {
		v.Error("/ does not lead to the search, or keys do something while somebody types")
	}
	// The search has taken the page elsewhere: the click counts once the page stands still.
	for v.holds(`document.querySelector('[data-keys-switch]').checked`) {
		v.must(chromedp.Do(v.ctx, v.clickAt("answer", "Tastenkürzel verwenden", "")))
	}
	v.types("/")
	if v.holds(`document.activeElement.id === 'q'`) {
		v.Error("the keys are switched off and work")
	}
}

// TestRemindersAreAskedFor: what a municipality owes is waiting for others; a coordinator reminds once a day.
func TestRemindersAreAskedFor(t *testing.T) {
	t.Parallel()
	c := filed(t, "Mahnstadt")
	c.passReview()
	c.says(c.kim, advisory.RecordAssessment, advisory.Record, "assessment", assessmentAnswers())
	need := c.task(advisory.ConfirmNeed)
	kim := visits(t, desk, c.kim)
	kim.signIn()
	for _, told := range []string{"Zu 1 Aufgabe ist eine Erinnerung unterwegs.", "Für diesen Arbeitstag gibt es schon eine Erinnerung."} {
		kim.open("/arbeitsplatz?liste=waiting&q=Mahnstadt")
		kim.picks(need)
		kim.press("Erinnern", "Mit den ausgewählten Aufgaben")
		kim.screenshot("workbench-remind-1280")
		kim.press("An 1 Aufgabe erinnern")
		kim.sees(told)
	}
}
