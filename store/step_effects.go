package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"miglobe/advisory"
)

// effect is what settling a task changes beside the task itself: it carries the words of the input to their place.
func (w *stepWriter) effect(t taskRow, choice advisory.Choice, in input) error {
	w.said = w.said || slices.Contains(sayMore, t.Kind)
	switch t.Kind {
	case advisory.RecordAssessment:
		return w.recordGoal(in, false, false)
	case advisory.ConfirmNeed:
		if choice == advisory.Change {
			return w.recordGoal(in, true, false)
		}
		return w.confirmGoal()
	case advisory.ConfirmGoalChange:
		return w.decideGoal(choice)
	case advisory.CheckAddress:
		return w.clarifyAddress(t, choice, in)
	case advisory.ChooseAdvisors:
		return w.chooseLead(in)
	case advisory.AnswerInvitation:
		return w.answerInvitation(t.ID, invitationState(choice))
	case advisory.AgreeToAdvisors:
		if choice == advisory.AskForOthers {
			return w.withdrawInvitations()
		}
		return nil
	case advisory.ProposeSlots:
		return w.proposeSlots(t, in)
	case advisory.ChooseSlot:
		if choice == advisory.CounterPropose {
			return w.proposeSlots(t, in)
		}
		return w.chooseSlot(t, in)
	case advisory.WriteNote:
		return w.shareNote(t, in)
	case advisory.DraftOptions:
		return w.exec(`INSERT INTO option_versions (consultation_id, version, input_id, shared_at) VALUES ($1, $2, $3, $4)`,
			w.step.ConsultationID, t.Version, in.ID, w.now)
	case advisory.CloseConsultation:
		return w.planFollowUp(in)
	}
	return nil
}

// closedUnanswered is what the end of a task without an answer changes.
func (w *stepWriter) closedUnanswered(t taskRow, state advisory.TaskState) error {
	if t.Kind == advisory.CheckAddress { // nobody clarifies it any more: the next mail shows whether it arrives
		return releaseHeldBack(w.ctx, w.tx, t.About)
	}
	if t.Kind != advisory.AnswerInvitation {
		return nil
	}
	if state == advisory.Lapsed {
		return w.answerInvitation(t.ID, "lapsed")
	}
	return w.answerInvitation(t.ID, "withdrawn")
}

// chooseLead notes who is asked to lead; it may be somebody who was invited before.
func (w *stepWriter) chooseLead(in input) error {
	var message advisory.Input
	if err := json.Unmarshal(in.Message, &message); err != nil {
		return fmt.Errorf("input %s: %w", in.ID, err)
	}
	w.lead = message.Lead
	return w.exec(`
		UPDATE invitations SET lead = (advisor_id = $2) WHERE consultation_id = $1 AND state IN ('open', 'accepted')
			AND `+notInTeam, w.step.ConsultationID, w.lead)
}

func (w *stepWriter) invite(t advisory.OpenTask) error {
	if err := w.exec(`
		INSERT INTO invitations (task_id, consultation_id, advisor_id, lead, invited_at)
		SELECT $1, $2::uuid, $3::uuid, $4 OR EXISTS (SELECT FROM invitations
			WHERE consultation_id = $2::uuid AND advisor_id = $3::uuid AND state = 'withdrawn' AND lead), $5`,
		t.ID, w.step.ConsultationID, t.Owner.Person, t.Owner.Person == w.lead, w.now); err != nil {
		return err
	}
	return w.exec(`UPDATE advisors SET last_invited_at = $2 WHERE person_id = $1`, t.Owner.Person, w.now)
}

func invitationState(choice advisory.Choice) string {
	switch choice {
	case advisory.Accept:
		return "accepted"
	case advisory.ConflictOfInt:
		return "conflict_of_interest"
	default:
		return "declined"
	}
}

func (w *stepWriter) answerInvitation(taskID, state string) error {
	return w.exec(`UPDATE invitations SET state = $2, answered_at = $3 WHERE task_id = $1`, taskID, state, w.now)
}

// notInTeam leaves alone what led to the team as it is: a replacement asks others only.
const notInTeam = `advisor_id NOT IN (SELECT advisor_id FROM team WHERE consultation_id = $1 AND until IS NULL)`

func (w *stepWriter) withdrawInvitations() error {
	return w.exec(`
		UPDATE invitations SET state = 'withdrawn' WHERE consultation_id = $1 AND state IN ('open', 'accepted') AND `+notInTeam,
		w.step.ConsultationID)
}

// uninvite takes the invitation of one person back who has accepted; an open one ends with its task.
func (w *stepWriter) uninvite(entry advisory.Entry) error {
	return w.exec(`
		UPDATE invitations SET state = 'withdrawn' WHERE consultation_id = $1 AND advisor_id = $2 AND state = 'accepted'
			AND `+notInTeam, w.step.ConsultationID, entry.Uninvite)
}

// planFollowUp keeps the day from which the municipality is asked again; the desk opens then.
func (w *stepWriter) planFollowUp(in input) error {
	day, err := time.ParseInLocation(time.DateOnly, in.Answers.Get("follow_up_from"), advisory.Berlin)
	if err != nil {
		day = w.now.AddDate(0, w.programme.FollowUpMonths, 0)
	}
	w.result.FollowUpAt = w.clock.Real(w.programme.NextDesk(w.calendar, advisory.Midnight(day)))
	return w.exec(`UPDATE consultations SET follow_up_from = $2 WHERE id = $1`, w.step.ConsultationID,
		day.Format(time.DateOnly))
}
