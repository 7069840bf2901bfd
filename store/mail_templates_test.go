package store_test

import (
	"sync"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
	"miglobe/texts"
)

// leads saves a lead coordinator, who writes texts of mails.
func leads(t *testing.T, s *store.Store, email string) string {
	t.Helper()
	id, err := s.SavePerson(t.Context(), store.Person{Email: email, Role: advisory.LeadCoordinator, FirstName: "Kim", LastName: "Beispiel", Active: true})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestVersionsOfAMailsText(t *testing.T) {
	s, ctx := storetest.Open(t), t.Context()
	kim := leads(t, s, "kim@demo.example")
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, advisory.Berlin)
	add := func(version store.MailTemplate) int {
		t.Helper()
		before, err := s.MailTemplateEdition(ctx)
		if err != nil {
			t.Fatal(err)
		}
		n, err := s.AddMailTemplate(ctx, version, kim, at)
		if err != nil {
			t.Fatal(err)
		}
		if after, err := s.MailTemplateEdition(ctx); err != nil || after != before+1 {
			t.Errorf("edition %d after %d: %v", after, before, err)
		}
		return n
	}
	german := store.MailTemplate{Name: "note_shared", Language: texts.German, Subject: "Eine Notiz", Body: "Hallo", Note: "Kürzer"}
	english := store.MailTemplate{Name: "note_shared", Language: texts.English, Subject: "A note", Body: "Hello"}
	if n := add(german); n != 1 {
		t.Errorf("the first version has number %d", n)
	}
	add(english)
	if _, err := s.AddMailTemplate(ctx, german, kim, at); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("a second version made from none: %v", err)
	}
	if _, err := s.AddMailTemplate(ctx, store.MailTemplate{Name: "note_shared", Language: texts.German, Version: 7, Body: "x"}, kim, at); advisory.CodeOf(err) != advisory.Conflict {
		t.Errorf("a version made from one that is not there: %v", err)
	}
	own, err := s.OwnMails(ctx)
	if err != nil || len(own) != 2 || own[0].Lang != texts.German || own[0].Body != "Hallo" || own[1].Subject != "A note" {
		t.Errorf("own texts %+v: %v", own, err)
	}
	add(store.MailTemplate{Name: "note_shared", Language: texts.German, Version: 1, Standard: true})
	if own, err = s.OwnMails(ctx); err != nil || len(own) != 1 || own[0].Lang != texts.English {
		t.Errorf("after the way back the own texts are %+v: %v", own, err)
	}
	versions, err := s.MailTemplateVersions(ctx, "note_shared", texts.German)
	if err != nil || len(versions) != 2 || versions[0].Version != 2 || !versions[0].Standard || versions[1].Note != "Kürzer" ||
		versions[1].AuthorName != "Kim Beispiel" || !versions[1].CreatedAt.Equal(at) || versions[1].Text() != german.Text() {
		t.Errorf("versions %+v: %v", versions, err)
	}
}

func TestTwoVersionsAtOnceAreOneAndAConflict(t *testing.T) {
	s, ctx := storetest.Open(t), t.Context()
	kim := leads(t, s, "kim@demo.example")
	for base := range 5 {
		var all sync.WaitGroup
		errs := make(chan error, 8)
		for range cap(errs) {
			all.Go(func() {
				_, err := s.AddMailTemplate(ctx, store.MailTemplate{Name: "note_shared", Language: texts.German, Version: base, Body: "x"}, kim, time.Now())
				errs <- err
			})
		}
		all.Wait()
		close(errs)
		saved := 0
		for err := range errs {
			if err == nil {
				saved++
			} else if advisory.CodeOf(err) != advisory.Conflict {
				t.Error(err)
			}
		}
		if saved != 1 {
			t.Errorf("%d of %d versions were saved", saved, cap(errs))
		}
	}
}

func TestPreviewsAreTheirAuthorsOwn(t *testing.T) {
	s, ctx := storetest.Open(t), t.Context()
	kim, toni := leads(t, s, "kim@demo.example"), leads(t, s, "toni@demo.example")
	id, err := s.SaveMailPreview(ctx, kim, store.MailPreview{Name: "note_shared", Language: texts.English, Subject: "A note", Body: "Hello"})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := s.MailPreview(ctx, id, kim); err != nil || p.Body != "Hello" || p.Language != texts.English {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := s.MailPreview(ctx, id, toni); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("somebody else's preview: %v", err)
	}
	if err := s.OrderTestMail(ctx, id, toni, time.Now()); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("a test mail of somebody else's preview: %v", err)
	}
	for range 2 {
		if err := s.OrderTestMail(ctx, id, kim, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	var n int
	if err := s.DB().QueryRowContext(ctx, `SELECT count(*) FROM mails WHERE id = $1 AND person_id = $2 AND language = 'en'`, id, kim).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d test mails, %v", n, err)
	}
	if _, err := s.DB().ExecContext(ctx, `UPDATE mail_template_previews SET created_at = now() - interval '8 days'`); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveExpired(ctx, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.MailPreview(ctx, id, kim); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("an old preview is kept: %v", err)
	}
}
