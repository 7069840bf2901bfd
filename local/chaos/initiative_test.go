package chaos_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"miglobe/advisory"
	"miglobe/local/robot"
	"miglobe/texts"
)

// initiative is something that nobody asked for.
type initiative struct {
	page string // below the consultation's; %d is a session with an appointment
	kind advisory.InputKind
	by   advisory.Role
}

var initiatives = []initiative{
	{"/zurueckziehen", advisory.Withdraw, advisory.Municipality},
	{"/ruhezeit", advisory.AskForRest, advisory.Municipality},
	{"/ruhezeit", advisory.AskForRest, advisory.Advisor},
	{"/ziel-aendern", advisory.ProposeGoal, advisory.Municipality},
	{"/ziel-aendern", advisory.ProposeGoal, advisory.Advisor},
	{"/ruhen", advisory.BeginRest, advisory.Coordinator},
	{"/weiterfuehren", advisory.EndRest, advisory.Coordinator},
	{"/wiederaufnehmen", advisory.UndoWithdrawal, advisory.Coordinator},
	{"/weiteres-gespraech", advisory.PlanSession, advisory.Advisor},
	{"/termine/%d/absagen", advisory.CancelAppointment, advisory.Advisor},
	{"/termine/%d/verschieben", advisory.MoveAppointment, advisory.Municipality},
}

// takeInitiative lets somebody bring about something in a consultation where the pages offer it.
func (c *crowd) takeInitiative(ctx context.Context, dice *rand.Rand) bool {
	i := initiatives[dice.IntN(len(initiatives))]
	where := `c.outcome = '' AND c.resting_since IS NULL`
	switch i.kind {
	case advisory.UndoWithdrawal:
		where = `c.outcome = 'withdrawn' AND c.undo_until IS NOT NULL AND c.ended_at IS NULL`
	case advisory.EndRest:
		where = `c.resting_since IS NOT NULL`
	case advisory.Withdraw:
		where += ` AND random() < 0.3`
	}
	if strings.Contains(i.page, "%d") {
		where += ` AND s.number IS NOT NULL`
	}
	return c.bringAbout(ctx, dice, i, where)
}

// endRest lets a coordinator end a rest, so that everything comes to its end.
func (c *crowd) endRest(ctx context.Context, dice *rand.Rand) bool {
	return c.bringAbout(ctx, dice, initiative{"/weiterfuehren", advisory.EndRest, advisory.Coordinator}, `c.resting_since IS NOT NULL`)
}

func (c *crowd) bringAbout(ctx context.Context, dice *rand.Rand, i initiative, where string) bool {
	var id, number string
	var land advisory.Land
	var session int
	var contact, lead *string
	err := c.store.DB().QueryRowContext(ctx, `
		SELECT c.id, c.number, c.land, coalesce(s.number, 0),
			(SELECT person_id FROM contacts WHERE consultation_id = c.id AND confirmed_at IS NOT NULL LIMIT 1),
			(SELECT advisor_id FROM team WHERE consultation_id = c.id AND lead AND until IS NULL LIMIT 1)
		FROM consultations c LEFT JOIN sessions s ON s.consultation_id = c.id AND s.state = 'scheduled'
		WHERE `+where+` ORDER BY random() LIMIT 1`).Scan(&id, &number, &land, &session, &contact, &lead)
	if err != nil {
		return false
	}
	person := &c.staff[dice.IntN(len(c.staff))]
	switch i.by {
	case advisory.Municipality:
		person = contact
	case advisory.Advisor:
		person = lead
	}
	if person == nil {
		return false
	}
	page := i.page
	if strings.Contains(page, "%d") {
		page = fmt.Sprintf(page, session)
	}
	tomorrow := calendarOf(land).AddWorkdays(c.now(), 2).In(advisory.Berlin).Format(time.DateOnly)
	w := robot.Writer{Words: fmt.Sprint("Unaufgefordert ", dice.IntN(1000)), Calendar: calendarOf(land), Today: c.now(), Wishes: map[string]string{
		"date": tomorrow, texts.BehalfPrefix + "on_date": c.today(),
	}}
	if i.kind == advisory.ProposeGoal {
		w.Wishes["goal"] = w.Words
	}
	return c.send(ctx, entry{Consultation: id, What: string(i.kind), Person: *person}, func(v *robot.Visitor) (*robot.Form, error) {
		return v.PrepareInitiative(ctx, number, page, w)
	})
}

var confirmationLink = regexp.MustCompile(`/bestaetigen/[A-Za-z0-9_-]+`)

// confirmation waits for the mail with the link that confirms an address. The mails lie in a folder, one a file.
func (c *crowd) confirmation(ctx context.Context, email string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		for _, mail := range c.mailsTo(email) {
			if link := confirmationLink.FindString(mail); link != "" {
				return link, nil
			}
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
	}
}

func (c *crowd) mailsTo(email string) (found []string) {
	paths, _ := filepath.Glob(filepath.Join(c.folder, "mails", "*.eml"))
	for _, path := range paths[max(0, len(paths)-400):] {
		content, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(content[:min(len(content), 300)]), "Delivered-To: "+email) {
			found = append(found, strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(content)))
		}
	}
	return found
}
