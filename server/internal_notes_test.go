package server

import (
	"net/http"
	"strings"
	"testing"

	"miglobe/advisory"
)

func (a *answer) wantNot(selector string) {
	a.t.Helper()
	if a.has(selector) {
		a.t.Errorf("%s: there is a %s: %s", a.what, selector, a.text(selector))
	}
}

func TestMentionsReachWhoIsNamed(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.Coordinator)
	page := b.get(f.path()).wantStatus(http.StatusOK)
	if !page.has("input[name=tell][value='"+f.Colleague.ID+"']") || page.has("input[name=tell][value='"+f.Coordinator.ID+"']") {
		t.Error("colleagues can be chosen, oneself cannot")
	}
	b.post(f.path()+"/notizen", "note", "Frage an @"+f.Colleague.Name()+": <b>passt das?</b>", "tell", f.Head.ID).wantLocation(f.path())
	b.get(f.path()).wantText(".kern-alert--success", f.Colleague.Name()).wantText(".kern-alert--success", f.Head.Name()).
		wantText("#notizen .mg-mention", "@"+f.Colleague.Name()).wantText("#notizen .mg-row", "<b>passt das?</b>").
		wantText("#notizen .mg-row", "Hinweis an: ")
	b.get(workbenchPath).wantNot("#erwaehnungen")

	colleague := f.signedIn(f.Colleague)
	bench := colleague.get(workbenchPath).wantText("#erwaehnungen", "Musterstadt").wantText("#erwaehnungen", f.Coordinator.Name())
	colleague.get(f.path()).wantText("#notizen", "Sie sind erwähnt") // looking at the consultation is not reading the note
	colleague.get(workbenchPath).wantText("#erwaehnungen", "1")
	path, _, _ := strings.Cut(bench.attr("#erwaehnungen h3 a", "href"), "#")
	colleague.get(path).wantStatus(http.StatusOK).wantText("#notizen .mg-opened", "passt das?")
	colleague.get(workbenchPath).wantNot("#erwaehnungen")

	head := f.signedIn(f.Head)
	head.get("/en"+workbenchPath).wantText("#erwaehnungen", "mentioned you")
	head.post(head.get(f.path()).attr("#notizen form.mg-split", "action")).wantLocation(f.path())
	head.get(workbenchPath).wantNot("#erwaehnungen")
	var mails int
	if err := f.store.DB().QueryRow(`SELECT count(*) FROM mails WHERE template = 'note_mention'`).Scan(&mails); err != nil || mails != 2 {
		t.Errorf("%d mails, %v, want one to each", mails, err)
	}
}

func TestMentionsAreMarkedAsReadAtTheWorkbench(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	b := f.signedIn(f.Coordinator)
	for range 3 {
		b.post(f.path()+"/notizen", "note", "Bitte ansehen", "tell", f.Colleague.ID)
	}
	colleague := f.signedIn(f.Colleague)
	note := colleague.get(workbenchPath).wantText("#erwaehnungen h2", "3").attr("#erwaehnungen input[name=notiz]", "value")
	f.signedIn(f.Head).post(mentionsPath+"/gelesen", "notiz", note)
	colleague.get(workbenchPath).wantText("#erwaehnungen h2", "3")
	colleague.post(mentionsPath+"/gelesen", "notiz", note).wantLocation(workbenchPath)
	colleague.get(workbenchPath).wantText("#erwaehnungen h2", "2")
	colleague.post(mentionsPath + "/gelesen").wantLocation(workbenchPath)
	colleague.get(workbenchPath).wantNot("#erwaehnungen")
}

func TestNotesWithoutWordsAreNotKept(t *testing.T) {
	f := newConsultation(t)
	f.reach(advisory.ReviewRequest)
	page := f.signedIn(f.Coordinator).post(f.path()+"/notizen", "tell", f.Colleague.ID).wantStatus(http.StatusUnprocessableEntity).
		wantText("#fehler", "Ihre Notiz")
	if !page.has("input[name=tell][value='" + f.Colleague.ID + "'][checked]") {
		t.Error("who was chosen is lost")
	}
	if href := page.attr(".mg-choose a", "href"); !strings.HasPrefix(href, f.path()+"#") {
		t.Errorf("the filter of the history leads to %q", href)
	}
}
