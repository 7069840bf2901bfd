package mail

import (
	"context"
	"log/slog"
	"sync"

	"miglobe/texts"
)

// OwnMails reads the texts that the operator has written in place of the product's; *store.Store is one.
type OwnMails interface {
	// MailTemplateEdition grows with every version of a text that is saved.
	MailTemplateEdition(ctx context.Context) (int, error)
	// OwnMails are the newest versions, without those that say to use the product's text.
	OwnMails(ctx context.Context) ([]texts.OwnMail, error)
}

// Wordings keeps the newest wording in memory and reads it again when somebody has saved a text, in whichever process.
type Wordings struct {
	catalog *texts.Catalog
	own     OwnMails
	log     *slog.Logger

	mu      sync.Mutex
	edition int
	newest  *Wording // nil before it was read
}

// NewWordings reads nothing yet.
func NewWordings(catalog *texts.Catalog, own OwnMails, log *slog.Logger) *Wordings {
	return &Wordings{catalog: catalog, own: own, log: log}
}

// Newest is the wording that counts now. An own text that this release cannot fill is left out, so that the product's is
// sent instead; it is logged once. Errors are those of reading.
func (w *Wordings) Newest(ctx context.Context) (*Wording, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	edition, err := w.own.MailTemplateEdition(ctx) // before the texts: what is saved in between is read next time
	if err != nil || w.newest != nil && edition == w.edition {
		return w.newest, err
	}
	own, err := w.own.OwnMails(ctx)
	if err != nil {
		return nil, err
	}
	var fitting []texts.OwnMail
	for _, text := range own {
		if found := Check(w.catalog, text.Lang, text.Name, text.MailText); len(found) > 0 {
			w.log.WarnContext(ctx, "own text of a mail does not fit this release, the standard text is sent",
				"mail", text.Name, "lang", string(text.Lang), "version", text.Version, "rule", string(found[0].Rule))
			continue
		}
		fitting = append(fitting, text)
	}
	w.newest, w.edition = NewWording(w.catalog, fitting...), edition
	return w.newest, nil
}
