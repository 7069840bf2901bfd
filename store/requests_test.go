package store_test

import (
	"maps"
	"sync"
	"testing"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/store/storetest"
)

var requestDay = time.Date(2026, 3, 2, 10, 0, 0, 0, advisory.Berlin)

func newDraft(t *testing.T, s *store.Store, answers advisory.Answers) (token string, draft store.Draft) {
	t.Helper()
	token, err := s.CreateDraft(t.Context(), store.Draft{Language: "de", FormVersion: 1, Answers: answers}, requestDay)
	if err != nil {
		t.Fatal(err)
	}
	draft, err = s.DraftByToken(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return token, draft
}

func set(answers advisory.Answers) store.DraftChange {
	return store.DraftChange{FormVersion: 1, Language: "de", Now: requestDay, Merge: func(before advisory.Answers) advisory.Answers {
		after := maps.Clone(before)
		maps.Copy(after, answers)
		return after
	}}
}

func TestTheLinkOfADraftStaysTheSame(t *testing.T) {
	s := storetest.Open(t)
	token, draft := newDraft(t, s, nil)
	for range 2 {
		if again, err := s.DraftToken(t.Context(), draft.ID); err != nil || again != token {
			t.Errorf("token %q, then %q, %v", token, again, err)
		}
	}
	if other, _ := newDraft(t, s, nil); other == token {
		t.Error("two drafts have the same link")
	}
	if count(t, s, `SELECT count(*) FROM drafts WHERE token_hash = $1`, []byte(token)) != 0 {
		t.Error("the token is stored readable")
	}
	if _, err := s.DraftByToken(t.Context(), "x"); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("unknown draft: %v", err)
	}
}

func TestTwoWritersOfADraftLoseNothing(t *testing.T) {
	s := storetest.Open(t)
	token, _ := newDraft(t, s, nil)
	var writers sync.WaitGroup
	for _, key := range []string{"goal", "need", "subject", "situation"} {
		writers.Go(func() {
			if _, err := s.SaveDraft(t.Context(), token, set(advisory.Answers{key: {"text"}})); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if draft, err := s.DraftByToken(t.Context(), token); err != nil || len(draft.Answers) != 4 {
		t.Errorf("%v, %v", draft.Answers, err)
	}
}

func TestAChangedDraftHasToBeSentAgain(t *testing.T) {
	s := storetest.Open(t)
	token, draft := newDraft(t, s, advisory.Answers{"goal": {"text"}})
	if err := s.OrderVerification(t.Context(), draft, "T@example.org", false, requestDay); err != nil {
		t.Fatal(err)
	}
	same, err := s.SaveDraft(t.Context(), token, set(advisory.Answers{"goal": {"text"}}))
	if err != nil || same.SentAt == nil {
		t.Errorf("saving the same: sent at %v, %v", same.SentAt, err)
	}
	changed, err := s.SaveDraft(t.Context(), token, set(advisory.Answers{"goal": {"another"}}))
	if err != nil || changed.SentAt != nil {
		t.Errorf("saving a change: sent at %v, %v", changed.SentAt, err)
	}
}

// sentDraft is a draft whose author is asked to confirm the address.
func sentDraft(t *testing.T, s *store.Store, email string) (link string, draft store.Draft) {
	t.Helper()
	_, draft = newDraft(t, s, advisory.Answers{
		"municipality": {"Musterstadt"}, "land": {"NW"}, "unit": {"Amt"}, "subject": {"Vereine einbinden"},
		"salutation": {"ms"}, "first_name": {"Toni"}, "last_name": {"Muster"}, "email": {email},
	})
	if err := s.OrderVerification(t.Context(), draft, email, false, requestDay); err != nil {
		t.Fatal(err)
	}
	link, expires, err := s.IssueAddressLink(t.Context(), draft.ID, email)
	if err != nil || !expires.After(time.Now()) {
		t.Fatalf("expires %s, %v", expires, err)
	}
	return link, draft
}

func TestSendRequestWritesEverythingAtOnce(t *testing.T) {
	s := storetest.Open(t)
	ensureProgramme(t, s)
	link, draft := sentDraft(t, s, "T@example.org")
	sent, err := s.SendRequest(t.Context(), link, requestDay)
	if err != nil {
		t.Fatal(err)
	}
	if sent.ConsultationID != draft.ID || sent.Number != "MG-2026-0001" || sent.Land != "NW" || sent.Programme.Version != 1 || !sent.SentAt.Equal(requestDay) {
		t.Errorf("sent %+v", sent)
	}
	if sent.Person == nil || sent.Person.Email != "t@example.org" || sent.Person.Role != advisory.Municipality || sent.Person.Salutation != "ms" {
		t.Errorf("person %+v", sent.Person)
	}
	for what, query := range map[string]string{
		"contact": `SELECT count(*) FROM contacts WHERE consultation_id = $1 AND confirmed_at IS NOT NULL`,
		"input":   `SELECT count(*) FROM inputs WHERE consultation_id = $1 AND kind = 'request' AND workflow_id = $1::text AND message->>'kind' = 'request'`,
		"answers": `SELECT count(*) FROM consultations WHERE id = $1 AND request->'subject'->>0 = 'Vereine einbinden' AND stage = 'review'`,
		"draft":   `SELECT count(*) FROM drafts WHERE id = $1 AND answers = '{}'`,
	} {
		if n := count(t, s, query, draft.ID); n != 1 {
			t.Errorf("%s: %d rows", what, n)
		}
	}
}

func TestSendRequestTwiceAtOnceIsOneConsultation(t *testing.T) {
	s := storetest.Open(t)
	ensureProgramme(t, s)
	link, draft := sentDraft(t, s, "t@example.org")
	second, _, err := s.IssueAddressLink(t.Context(), draft.ID, "t@example.org") // of a mail that was asked for again
	if err != nil {
		t.Fatal(err)
	}
	var signedIn, numbers sync.Map
	var clicks sync.WaitGroup
	for i, token := range []string{link, link, second, second} {
		clicks.Go(func() {
			sent, err := s.SendRequest(t.Context(), token, requestDay)
			if err != nil {
				t.Error(err)
			}
			numbers.Store(sent.Number, true)
			if sent.Person != nil {
				signedIn.Store(i, true)
			}
		})
	}
	clicks.Wait()
	if n := length(&numbers); n != 1 {
		t.Errorf("%d numbers", n)
	}
	if n := length(&signedIn); n != 1 {
		t.Errorf("the link signed in %d times", n)
	}
	if n := count(t, s, `SELECT count(*) FROM consultations`); n != 1 {
		t.Errorf("%d consultations", n)
	}
}

func length(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}

func TestNumbersBeginAnewEveryYear(t *testing.T) {
	s := storetest.Open(t)
	ensureProgramme(t, s)
	newYear := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC) // 2027 in Berlin
	for i, want := range []struct {
		at     time.Time
		number string
	}{{requestDay, "MG-2026-0001"}, {requestDay, "MG-2026-0002"}, {newYear, "MG-2027-0001"}} {
		link, _ := sentDraft(t, s, "t@example.org")
		if sent, err := s.SendRequest(t.Context(), link, want.at); err != nil || sent.Number != want.number {
			t.Errorf("%d: %s, %v; want %s", i, sent.Number, err, want.number)
		}
	}
	if n := count(t, s, `SELECT count(*) FROM persons`); n != 1 {
		t.Errorf("%d persons with one address", n)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		prepare string
		code    advisory.Code
	}{
		"expired link":    {`UPDATE address_links SET expires_at = now() - interval '1 second'`, advisory.NotFound},
		"other address":   {`UPDATE drafts SET answers = answers || '{"email":["other@example.org"]}'`, advisory.Conflict},
		"changed since":   {`UPDATE drafts SET sent_at = NULL`, advisory.Conflict},
		"account of role": {`INSERT INTO persons (id, email, role, first_name, last_name) VALUES (gen_random_uuid(), 't@example.org', 'advisor', '', '')`, advisory.Forbidden},
		"blocked": {`INSERT INTO persons (id, email, role, first_name, last_name, active)
			VALUES (gen_random_uuid(), 't@example.org', 'municipality', '', '', false)`, advisory.Forbidden},
		"no programme": {`DELETE FROM programmes`, advisory.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.Open(t)
			ensureProgramme(t, s)
			link, _ := sentDraft(t, s, "t@example.org")
			if _, err := s.DB().Exec(test.prepare); err != nil {
				t.Fatal(err)
			}
			if _, err := s.SendRequest(t.Context(), link, requestDay); advisory.CodeOf(err) != test.code {
				t.Errorf("error %v, want %s", err, test.code)
			}
			if n := count(t, s, `SELECT count(*) FROM consultations`) + count(t, s, `SELECT count(*) FROM inputs`); n != 0 {
				t.Error("something was written")
			}
		})
	}
}

func TestRemoveExpiredKeepsWhatIsInUse(t *testing.T) {
	s := storetest.Open(t)
	token, _ := newDraft(t, s, nil)
	id := savePerson(t, s, store.Person{Role: advisory.Advisor, Email: "kim@example.org", FirstName: "K", LastName: "A", Active: true})
	link, _, err := s.IssueSignInLink(t.Context(), id, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.IssueSignInLink(t.Context(), id, -48*time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveExpired(t.Context(), requestDay.Add(store.DraftLife-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DraftByToken(t.Context(), token); err != nil {
		t.Errorf("draft: %v", err)
	}
	if err := s.CheckSignInLink(t.Context(), link); err != nil {
		t.Errorf("link: %v", err)
	}
	if n := count(t, s, `SELECT count(*) FROM sign_in_links`); n != 1 {
		t.Errorf("%d links", n)
	}
	if err := s.RemoveExpired(t.Context(), requestDay.Add(store.DraftLife+time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DraftByToken(t.Context(), token); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("old draft: %v", err)
	}
}

func TestTaskLinksDieWithTheTask(t *testing.T) {
	s := storetest.Open(t)
	ensureProgramme(t, s)
	link, draft := sentDraft(t, s, "t@example.org")
	sent, err := s.SendRequest(t.Context(), link, requestDay)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().Exec(`INSERT INTO tasks (id, consultation_id, workflow_id, kind, owner_role, opened_at, due_on)
		VALUES ('one', $1, '', 'confirm_need', 'municipality', now(), now())`, draft.ID); err != nil {
		t.Fatal(err)
	}
	token, err := s.IssueTaskLink(t.Context(), "one", sent.Person.ID)
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.TaskLink(t.Context(), token)
	if err != nil || found.TaskID != "one" || found.PersonID != sent.Person.ID || found.State != advisory.Open {
		t.Errorf("%+v, %v", found, err)
	}
	if lives, err := s.TaskLinkLives(t.Context(), "one", sent.Person.ID); !lives || err != nil {
		t.Errorf("lives %v, %v", lives, err)
	}
	if _, err := s.DB().Exec(`UPDATE tasks SET state = 'lapsed'`); err != nil {
		t.Fatal(err)
	}
	if lives, err := s.TaskLinkLives(t.Context(), "one", sent.Person.ID); lives || err != nil {
		t.Errorf("lives %v, %v", lives, err)
	}
	if _, err := s.TaskLink(t.Context(), "x"); advisory.CodeOf(err) != advisory.NotFound {
		t.Errorf("unknown link: %v", err)
	}
}

func ensureProgramme(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.EnsureProgramme(t.Context(), advisory.DefaultProgramme()); err != nil {
		t.Fatal(err)
	}
}
