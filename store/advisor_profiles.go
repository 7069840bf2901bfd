package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"miglobe/advisory"
)

// AdvisorProfile is what an advisor tells of himself or herself. Topics, languages and formats are keys of the option
// lists of texts/forms.
type AdvisorProfile struct {
	PersonID      string         `db:"person_id"`
	About         string         `db:"about"`
	Topics        pq.StringArray `db:"topics"`
	Competences   string         `db:"competences"`
	Networks      string         `db:"networks"`
	Languages     pq.StringArray `db:"languages"`
	OtherLanguage string         `db:"other_language"`
	Home          string         `db:"home"`           // for distances only
	FurtherPlaces pq.StringArray `db:"further_places"` // towns; the way may begin there as well
	Capacity      int            `db:"capacity"`       // consultations at a time, from 0 to 3
	MeetingFormat string         `db:"meeting_format"`
	OriginCountry string         `db:"origin_country"` // ISO 3166; used only with consent and a named partner country
	OriginConsent bool           `db:"origin_consent"`
	Phone         string         `db:"phone"` // of the person, like the next two
	Language      string         `db:"language"`
	MailRhythm    string         `db:"mail_rhythm"`
}

const profileColumns = `p.id AS person_id, coalesce(a.about, '') AS about, coalesce(a.topics, '{}') AS topics,
	coalesce(a.competences, '') AS competences, coalesce(a.networks, '') AS networks, coalesce(a.languages, '{}') AS languages,
	coalesce(a.other_language, '') AS other_language, coalesce(a.home, '') AS home,
	coalesce(a.further_places, '{}') AS further_places, coalesce(a.capacity, 1) AS capacity,
	coalesce(a.meeting_format, '') AS meeting_format, coalesce(a.origin_country, '') AS origin_country,
	coalesce(a.origin_consent, false) AS origin_consent, p.phone, p.language, p.mail_rhythm`

// AdvisorProfile reads the profile of an advisor; one that was never saved is empty but for what is known of the person.
// Code not_found where there is no such advisor.
func (s *Store) AdvisorProfile(ctx context.Context, personID string) (AdvisorProfile, error) {
	var profile AdvisorProfile
	err := s.db.GetContext(ctx, &profile, `
		SELECT `+profileColumns+` FROM persons p LEFT JOIN advisors a ON a.person_id = p.id WHERE p.id = $1 AND p.role = $2`,
		asID(personID), advisory.Advisor)
	return profile, problem(err)
}

// SaveAdvisorProfile writes the whole profile and what of it belongs to the person. Consent without a country is none. Code
// not_found where the person is no advisor.
func (s *Store) SaveAdvisorProfile(ctx context.Context, profile AdvisorProfile) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error { return saveProfile(ctx, tx, profile) })
}

func saveProfile(ctx context.Context, tx *sqlx.Tx, profile AdvisorProfile) error {
	profile.OriginConsent = profile.OriginConsent && profile.OriginCountry != ""
	for _, list := range []*pq.StringArray{&profile.Topics, &profile.Languages, &profile.FurtherPlaces} {
		if *list == nil {
			*list = pq.StringArray{}
		}
	}
	var id string
	err := tx.GetContext(ctx, &id, `
		UPDATE persons SET phone = $2, language = $3, mail_rhythm = $4 WHERE id = $1 AND role = $5 RETURNING id`,
		profile.PersonID, profile.Phone, profile.Language, profile.MailRhythm, advisory.Advisor)
	if errors.Is(err, sql.ErrNoRows) {
		return advisory.Errorf(advisory.NotFound, "person %s is no advisor", profile.PersonID)
	}
	if err != nil {
		return err
	}
	_, err = tx.NamedExecContext(ctx, `
		INSERT INTO advisors (person_id, about, topics, competences, networks, languages, other_language, home,
			further_places, capacity, meeting_format, origin_country, origin_consent)
		VALUES (:person_id, :about, :topics, :competences, :networks, :languages, :other_language, :home,
			:further_places, :capacity, :meeting_format, :origin_country, :origin_consent)
		ON CONFLICT (person_id) DO UPDATE SET (about, topics, competences, networks, languages, other_language, home,
			further_places, capacity, meeting_format, origin_country, origin_consent, updated_at) = (EXCLUDED.about,
			EXCLUDED.topics, EXCLUDED.competences, EXCLUDED.networks, EXCLUDED.languages, EXCLUDED.other_language,
			EXCLUDED.home, EXCLUDED.further_places, EXCLUDED.capacity, EXCLUDED.meeting_format, EXCLUDED.origin_country,
			EXCLUDED.origin_consent, now())`, profile)
	return err
}
