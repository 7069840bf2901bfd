package demo

import (
	"slices"

	"miglobe/advisory"
)

// act is one decision of one person.
type act struct {
	kind   advisory.TaskKind // empty where it settles no task
	choice advisory.Choice
	deed   advisory.InputKind // what it is where it settles no task, with the form that it is entered in
	form   string
	words  words
	role   advisory.Role // where several open tasks fit: of this role
	member int           // where several advisors owe the same: the position in the plan's advisors, from 1
	after  int           // working days after the act before; 0 is later on the same day
}

// plan is the way of one consultation up to where the demo leaves it.
type plan struct {
	request     string // key of requests
	coordinator int    // position in staff
	advisors    []int  // positions in advisors, the lead first
	acts        []act
	idle        int // working days since the last act
}

// The journey in pieces; a plan joins as many of them as it needs.
var (
	claimed       = act{kind: advisory.ClaimRequest, choice: advisory.Claim, after: 1}
	accepted      = act{kind: advisory.ReviewRequest, choice: advisory.Accept, words: said("internal_note", "Passt gut zum Angebot."), after: 2}
	assessed      = act{kind: advisory.RecordAssessment, choice: advisory.Record, words: assessment, after: 4}
	needConfirmed = act{kind: advisory.ConfirmNeed, choice: advisory.Confirm, words: sameNeed, after: 3}
	invited       = act{kind: advisory.ChooseAdvisors, choice: advisory.Choose, words: chosen, after: 2}
	leadJoins     = invitationAnswer(1, advisory.Accept, said("answer", "accept", "conflict_exists", "none", "conflict_update", checked))
	secondJoins   = invitationAnswer(2, advisory.Accept, said("answer", "accept", "conflict_exists", "none", "conflict_update", checked))
	secondIsBusy  = invitationAnswer(2, advisory.Decline, said("answer", "decline", "decline_reason", "no_time"))
	agreed        = act{kind: advisory.AgreeToAdvisors, choice: advisory.Agree, words: said("decision", "agree"), after: 2}
	slotsProposed = act{kind: advisory.ProposeSlots, choice: advisory.Propose, words: slots, after: 2}
	slotChosen    = act{kind: advisory.ChooseSlot, choice: advisory.Choose, words: said("slot", "1", "participants", "Amt und Integrationsrat"), after: 1}
	sessionHeld   = act{kind: advisory.RecordOutcome, choice: advisory.WasHeld, words: said("outcome", "held"), after: 7}
	noteShared    = act{kind: advisory.WriteNote, choice: advisory.Share, words: note("another"), after: 2}
	lastNote      = act{kind: advisory.WriteNote, choice: advisory.Share, words: note("enough"), after: 2}
	goesOn        = act{kind: advisory.DecideAccompaniment, choice: advisory.Continue, words: said("decision", "continue", "takeaway", "Ein klareres Bild."), after: 3}
	endsHere      = act{kind: advisory.DecideAccompaniment, choice: advisory.EndHere, words: said("decision", "end_here", "takeaway", "Das Gespräch hat uns genügt."), after: 3}
	optionsShared = act{kind: advisory.DraftOptions, choice: advisory.Share, words: options, after: 6}
	cityConfirms  = act{kind: advisory.ConfirmOptions, choice: advisory.Confirm, words: said("decision", "confirm"), role: advisory.Municipality, after: 2}
	cityChanges   = act{kind: advisory.ConfirmOptions, choice: advisory.Change, words: said("decision", "change", "change_text", "Bitte nennen Sie beim ersten Schritt das Bildungsbüro."), role: advisory.Municipality, after: 2}
	leadConfirms  = act{kind: advisory.ConfirmOptions, choice: advisory.Confirm, words: said("decision", "confirm"), member: 1, after: 1}
	cityEvaluates = act{kind: advisory.Evaluate, choice: advisory.Submit, words: municipalityLooksBack, role: advisory.Municipality, after: 4}
	leadEvaluates = act{kind: advisory.Evaluate, choice: advisory.Submit, words: advisorLooksBack, member: 1, after: 2}
	closed        = act{kind: advisory.CloseConsultation, choice: advisory.Close, words: closing, after: 3}
	followedUp    = act{kind: advisory.AnswerFollowUp, choice: advisory.Submit, words: followUp, after: 140} // working days are more than half a year
	asked         = act{kind: advisory.ReviewRequest, choice: advisory.Ask, words: said("question", "Wer in Ihrer Stadt ist an der Partnerschaft heute beteiligt?"), after: 2}
	refused       = act{kind: advisory.ReviewRequest, choice: advisory.Decline, words: said("reason", "outside_topic", "message", "Wir beraten zu kommunaler Entwicklungspolitik. Dieses Anliegen gehört nicht dazu."), after: 3}
	refusalStands = act{kind: advisory.ApproveRefusal, choice: advisory.Approve, words: said("comment", "Einverstanden."), after: 1}
	referred      = act{kind: advisory.ReviewRequest, choice: advisory.Refer, words: said("reason", "funding", "recommendation", "Bitte wenden Sie sich an die Förderberatung Ihres Landes."), after: 2}
	withdrawn     = act{deed: advisory.Withdraw, form: "withdraw", words: said("reason", "priorities"), role: advisory.Municipality, after: 5}
	rested        = act{deed: advisory.BeginRest, form: "rest", words: resting, role: advisory.Coordinator, after: 2}
	goalProposed  = act{deed: advisory.ProposeGoal, form: "goal_change", words: newGoal, role: advisory.Advisor, after: 1}
)

func invitationAnswer(member int, choice advisory.Choice, words words) act {
	return act{kind: advisory.AnswerInvitation, choice: choice, words: words, member: member, after: 1}
}

func join(pieces ...[]act) []act { return slices.Concat(pieces...) }

// The stages as far as they go without a detour, each with all before it.
var (
	toAssessment = []act{claimed, accepted}
	toAssignment = join(toAssessment, []act{assessed, needConfirmed})
	toOpening    = join(toAssignment, []act{invited, leadJoins, agreed})
	toDecision   = join(toOpening, []act{slotsProposed, slotChosen, sessionHeld, noteShared})
	toDialogue   = join(toDecision, []act{goesOn})
	toOptions    = join(toDialogue, []act{slotsProposed, slotChosen, sessionHeld, lastNote})
	toEvaluation = join(toOptions, []act{optionsShared, cityConfirms, leadConfirms})
	toClosing    = join(toEvaluation, []act{cityEvaluates, leadEvaluates})
)

// plans put a consultation into every stage and before every kind of decision of the journey.
var plans = []plan{
	{request: "library", coordinator: 0},
	{request: "water_exchange", coordinator: 0, idle: 4},
	{request: "craft_training", coordinator: 1, acts: []act{claimed}, idle: 2},
	{request: "twinning_review", coordinator: 0, acts: []act{claimed, asked}, idle: 3},
	{request: "private_travel", coordinator: 1, acts: []act{claimed, refused}, idle: 1},
	{request: "stone_procurement", coordinator: 2, acts: toAssessment, idle: 5},
	{request: "global_learning", coordinator: 0, acts: join(toAssessment, []act{assessed}), idle: 3},
	{request: "memory_culture", coordinator: 1, acts: toAssignment, idle: 1},
	{request: "school_meals", coordinator: 2, advisors: []int{0, 7}, acts: join(toAssignment, []act{invited}), idle: 1},
	{request: "volunteers", coordinator: 0, advisors: []int{15, 13}, acts: join(toAssignment, []act{invited, leadJoins, secondIsBusy}), idle: 2},
	{request: "diaspora_fund", coordinator: 0, advisors: []int{9, 2}, acts: join(toAssignment, []act{invited, leadJoins, secondJoins}), idle: 1},
	{request: "energy_villages", coordinator: 1, advisors: []int{16}, acts: join(toOpening, []act{rested}), idle: 1},
	{request: "market_hall", coordinator: 2, advisors: []int{11}, acts: join(toOpening, []act{slotsProposed}), idle: 1},
	{request: "youth_exchange", coordinator: 1, advisors: []int{7}, acts: join(toOpening, []act{slotsProposed, slotChosen}), idle: 1},
	{request: "women_network", coordinator: 2, advisors: []int{3}, acts: toDecision, idle: 2},
	{request: "council_opening", coordinator: 0, advisors: []int{5}, acts: join(toDialogue, []act{slotsProposed, slotChosen, sessionHeld}), idle: 2},
	{request: "agenda_report", coordinator: 1, advisors: []int{19}, acts: join(toOptions, []act{goalProposed}), idle: 4},
	{request: "climate_partnership", coordinator: 0, advisors: []int{4}, acts: join(toOptions, []act{optionsShared, cityChanges, optionsShared, cityConfirms}), idle: 1},
	{request: "fair_workwear", coordinator: 2, advisors: []int{1}, acts: join(toEvaluation, []act{cityEvaluates}), idle: 1},
	{request: "district_dialogue", coordinator: 0, advisors: []int{13}, acts: toClosing, idle: 2},
	{request: "harbour_cocoa", coordinator: 1, advisors: []int{8}, acts: join(toClosing, []act{closed}), idle: 40},
	{request: "school_twinning", coordinator: 0, advisors: []int{0}, acts: join(toClosing, []act{closed}), idle: 140},
	{request: "twinning_county", coordinator: 2, advisors: []int{6}, acts: join(toClosing, []act{closed, followedUp}), idle: 10},
	{request: "funding_only", coordinator: 1, acts: []act{claimed, referred}, idle: 12},
	{request: "language_cafe", coordinator: 1, acts: []act{claimed, refused, refusalStands}, idle: 20},
	{request: "museum_night", coordinator: 2, advisors: []int{5}, acts: join(toDecision, []act{endsHere}), idle: 25},
	{request: "logistics", coordinator: 0, acts: join(toAssessment, []act{withdrawn}), idle: 30},
}
