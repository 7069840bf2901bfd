package mail

import (
	"reflect"
	"slices"
	"time"

	"miglobe/advisory"
	"miglobe/texts"
)

// samplePath is below the address of the pages and opens nothing.
const samplePath = "/a/BEISPIEL"

// sampleDay is the day that texts/mails/FIELDS.md has for an example.
var sampleDay = time.Date(2026, 3, 13, 0, 0, 0, 0, advisory.Berlin)

// Sample is invented data for a mail: its own fields alone. It is what texts/ui has as examples of the fields.
func Sample(catalog *texts.Catalog, lang texts.Lang, name string, settings Settings) Data {
	example := func(field string) string { return catalog.UI(lang, "mail_fields."+field+".example") }
	data := Data{
		Name: example("name"), Municipality: example("municipality"), Number: example("number"),
		Due: texts.LongDate(lang, sampleDay), Link: settings.SiteURL + samplePath, Coordinator: example("coordinator"),
		Subject: example("subject"), Advisors: []string{example("advisors"), catalog.UI(lang, "mail_fields.advisors.another")},
		When: example("when"), Where: example("where"), Reason: sampleReason(catalog, lang, name, settings), Days: 14,
	}
	fields := Fields(catalog, lang, name)
	lacks := func(field string) bool {
		return !slices.ContainsFunc(fields, func(f Field) bool { return f.Name == field })
	}
	if lacks("Name") {
		data.Name = ""
	}
	if lacks("Number") {
		data.Number = ""
	}
	return data
}

// sampleReason follows the column "Reason means" of texts/mails/FIELDS.md.
func sampleReason(catalog *texts.Catalog, lang texts.Lang, name string, settings Settings) string {
	task := func(kind advisory.TaskKind) string { return catalog.UI(lang, "tasks."+string(kind)+".title") }
	switch advisory.Template(name) {
	case advisory.MailDailyDigest:
		return "- " + catalog.UI(lang, "digest.task",
			"task", "["+EscapeMarkdown(task(advisory.ProposeSlots))+"]("+settings.SiteURL+samplePath+")",
			"subject", EscapeMarkdown(catalog.UI(lang, "mail_fields.subject.example")),
			"number", EscapeMarkdown(catalog.UI(lang, "mail_fields.number.example")),
			"due", EscapeMarkdown(texts.LongDate(lang, sampleDay)))
	case advisory.MailStaffTaskOpened, advisory.MailStaffTaskReminder, advisory.MailStaffTaskEscalated, advisory.MailInputNotAdopted:
		return task(advisory.ReviewRequest)
	case advisory.MailRequestDeclined, advisory.MailRequestReferred:
		return catalog.UI(lang, "mail_fields.reason.explanation")
	}
	return catalog.UI(lang, "mail_fields.reason.example")
}

// withoutOptional is the data of a mail whose optional fields are empty.
func (d Data) withoutOptional(fields []Field) Data {
	for _, field := range fields {
		if value := reflect.ValueOf(&d).Elem().FieldByName(field.Name); field.Optional {
			value.SetZero()
		}
	}
	return d
}

// The footer is part of all mails: it is shown with one of these, which have a number and none.
const (
	footerCarrier         = string(advisory.MailRequestAccepted)
	footerCarrierNoNumber = string(advisory.MailVerifyAddress)
)

// ComposeSample writes a mail with invented data, with text in the place of what the wording has for it. The footer is
// shown with a mail around it. Errors are those of Compose.
func (w *Wording) ComposeSample(lang texts.Lang, name string, text texts.MailText, settings Settings) (Message, error) {
	template := name
	if name == footerTemplate {
		template = footerCarrier
	}
	return w.with(lang, name, text).composeWith(lang, template, Sample(w.catalog, lang, template, settings), settings)
}

// composeBareSample does the same with all optional fields empty.
func (w *Wording) composeBareSample(lang texts.Lang, name string, text texts.MailText, settings Settings) (Message, error) {
	template := name
	if name == footerTemplate {
		template = footerCarrierNoNumber
	}
	data := Sample(w.catalog, lang, template, settings).withoutOptional(Fields(w.catalog, lang, template))
	return w.with(lang, name, text).composeWith(lang, template, data, settings)
}

func (w *Wording) composeWith(lang texts.Lang, template string, data Data, settings Settings) (Message, error) {
	return Compose(w, lang, []Part{{Template: template, Data: data}}, settings)
}
