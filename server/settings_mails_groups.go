package server

import (
	"strings"

	"miglobe/advisory"
	"miglobe/texts"
)

// mailFooter is the part that ends every mail.
const mailFooter = "_footer"

// mailGroup is some mails that belong together in the list of their texts.
type mailGroup struct {
	key   string   // of mail_list.groups in texts/ui
	mails []string // names of texts/mails; those of tasks are named by their task
}

var mailGroups = []mailGroup{
	{"request", append(named(advisory.MailRequestReceived, advisory.MailRequestAccepted, advisory.MailRequestReferred, advisory.MailRequestDeclined),
		ofTasks(advisory.AnswerQuestion)...)},
	{"need", append(ofTasks(advisory.ConfirmNeed, advisory.ConfirmGoalChange), named(advisory.MailNeedConfirmed)...)},
	{"advisors", append(ofTasks(advisory.AnswerInvitation, advisory.AgreeToAdvisors), named(advisory.MailInvitationLapsed,
		advisory.MailInvitationWithdrawn, advisory.MailAdvisorsIntroduced, advisory.MailAdvisorReplaced, advisory.MailAdvisorReleased,
		advisory.MailProfileApproved, advisory.MailProfileReturned)...)},
	{"appointments", append(ofTasks(advisory.ProposeSlots, advisory.ChooseSlot, advisory.RecordOutcome, advisory.WriteNote),
		named(advisory.MailAppointmentConfirmed, advisory.MailAppointmentMoved, advisory.MailAppointmentCancelled,
			advisory.MailAppointmentReminder, advisory.MailSessionMissed, advisory.MailSessionNudge, advisory.MailNoteShared)...)},
	{"options", append(ofTasks(advisory.DecideAccompaniment, advisory.DraftOptions, advisory.ConfirmOptions, advisory.Evaluate, advisory.AnswerFollowUp),
		named(advisory.MailNotAccompanied, advisory.MailOptionsConfirmed, advisory.MailConsultationClosed, advisory.MailFollowUpThanks)...)},
	{"rest", named(advisory.MailResting, advisory.MailRestEnding, advisory.MailResumed, advisory.MailWithdrawn, advisory.MailWithdrawnAdvisor)},
	{"staff", named(advisory.MailStaffTaskOpened, advisory.MailStaffTaskReminder, advisory.MailStaffTaskEscalated,
		advisory.MailNoteMention)},
	{"account", named(advisory.MailSignInLink, advisory.MailVerifyAddress, advisory.MailDraftSaved, advisory.MailDraftReminder,
		advisory.MailDailyDigest, advisory.MailInputNotAdopted)},
	{"parts", []string{mailFooter}},
}

func named(templates ...advisory.Template) (names []string) {
	for _, template := range templates {
		names = append(names, string(template))
	}
	return names
}

// What a mail about a task says: that it is there, or that it still is.
const (
	openedSuffix   = "_opened"
	reminderSuffix = "_reminder"
)

func ofTasks(kinds ...advisory.TaskKind) (names []string) {
	for _, kind := range kinds {
		names = append(names, string(kind)+openedSuffix, string(kind)+reminderSuffix)
	}
	return names
}

// mailTitle names a mail on the pages about texts.
func (c *Context) mailTitle(name string) string {
	if name == mailFooter {
		return c.T("settings_mails.footer")
	}
	return c.mailName(advisory.Template(name))
}

// mailPurpose says to whom a mail goes, and when.
func (c *Context) mailPurpose(name string) string {
	if key := "mail_list.mails." + strings.TrimPrefix(name, "_"); c.server.texts.HasUI(c.Lang, key) {
		return c.T(key)
	}
	what := "opened"
	task, ok := strings.CutSuffix(name, openedSuffix)
	if !ok {
		what, task = "reminder", strings.TrimSuffix(name, reminderSuffix)
	}
	return c.T("mail_list."+what, "who", c.T("mail_list.tasks."+task))
}

// mailLanguageName is the language of a text in that of the page.
func (c *Context) mailLanguageName(lang texts.Lang) string {
	if lang == texts.English {
		return c.T("settings_mails.english")
	}
	return c.T("settings_mails.german")
}
