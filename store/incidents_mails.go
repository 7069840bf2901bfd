package store

import (
	"context"
	"time"

	"miglobe/advisory"
)

// FailedMail is a mail that did not go out. It tells neither to whom nor what it says.
type FailedMail struct {
	ID          string            `db:"id"`
	Number      string            `db:"number"` // of the consultation; "" for none
	Template    advisory.Template `db:"template"`
	Role        advisory.Role     `db:"role"`       // of the addressee; "" where only an address is known
	OrderedAt   time.Time         `db:"ordered_at"` // business time
	State       string            `db:"state"`      // given_up, bounced or queued
	Attempts    int               `db:"attempts"`
	NextAttempt time.Time         `db:"next_attempt"` // real time
	Failure     string            `db:"failure"`      // code for machines
	Clarified   bool              `db:"clarified"`    // the coordination team has a task to clarify the address
	Retryable   bool              `db:"retryable"`
}

// FailedMailsDays is for how many days a mail that failed is listed: older ones would tell nobody anything any more.
const FailedMailsDays = 30

const (
	// isFailed is the condition of the index mails_failed_by_time, on mails i.
	isFailed = `(i.state IN ('given_up', 'bounced') OR i.state = 'queued' AND i.attempts >= 3)`
	// isListedMail leaves out what is too old to matter; nobody waits for yesterday's link to sign in.
	isListedMail = isFailed + ` AND i.ordered_at > :since AND (i.template <> :sign_in OR i.ordered_at > :yesterday)`
	// isBeingClarified is about an address that was refused and that a coordinator is asked about (RecordBounce).
	isBeingClarified = `(i.state = 'bounced' AND i.consultation_id IS NOT NULL AND (i.person_id IS NULL OR EXISTS (
		SELECT FROM persons WHERE id = i.person_id AND bounced_at IS NOT NULL AND role IN (:municipality, :advisor))))`
	// isRetryableMail: a new link to sign in is asked for, not waited for.
	isRetryableMail = `(NOT ` + isBeingClarified + ` AND (i.template <> :sign_in OR i.state = 'queued'))`
)

func failedMailValues(now time.Time) map[string]any {
	return map[string]any{
		"since": now.AddDate(0, 0, -FailedMailsDays), "yesterday": now.AddDate(0, 0, -1), "sign_in": advisory.MailSignInLink,
		"municipality": advisory.Municipality, "advisor": advisory.Advisor,
	}
}

func failedMails(now time.Time) incidentList {
	return incidentList{
		from: `mails i WHERE ` + isListedMail, retryable: isRetryableMail, order: `i.ordered_at DESC, i.id DESC`,
		columns: `i.id, ` + itsNumber + `, coalesce((SELECT role FROM persons WHERE id = i.person_id), '') AS role, i.template,
			i.ordered_at, i.state, i.attempts, i.next_attempt, i.failure, ` + isBeingClarified + ` AS clarified`,
		values: failedMailValues(now),
	}
}

// FailedMails reads a page of the mails that were given up, refused or tried several times in vain, the latest first. now
// is business time.
func (s *Store) FailedMails(ctx context.Context, now time.Time, page int) (Incidents[FailedMail], error) {
	return readIncidents[FailedMail](ctx, s, failedMails(now), page)
}

// RetryMails queues a failed mail anew, or all of them where id is "", and tells how many. The post office drops what is
// over by then. A mail that is just being sent may go out twice, with the same Message-ID. now is business time.
func (s *Store) RetryMails(ctx context.Context, now time.Time, id string) (int, error) {
	values := failedMailValues(now)
	values["id"] = id
	return s.retry(ctx, `UPDATE mails i SET state = 'queued', attempts = 0, next_attempt = now(), failure = ''
		WHERE `+isListedMail+` AND `+isRetryableMail+` AND (:id = '' OR CAST(i.id AS text) = :id)`, values)
}
