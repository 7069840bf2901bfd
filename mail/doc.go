// Package mail writes and sends the mails of the product: it composes a
// message from the templates of package texts, or from those that the operator
// has written in their place, makes calendar files, and hands both to an SMTP
// server. It decides nothing: who gets which mail, and when, is settled before.
//
// A mail is sent in three steps, all called by the activity that sends mails:
//
//	message, err := mail.Compose(wording, lang, parts, settings)
//	file := event.File() // only where a mail carries an appointment
//	err = sender.Send(ctx, mail.Envelope{Message: message, Calendar: file, …})
//
// The errors differ in what helps. A mail that cannot be composed is a defect
// of ours and stays one, however often it is tried. A *Refused from Send is
// final, too, and becomes a task for people. Every other error of Send passes:
// try again later.
package mail
