package activities

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// These are all the ways in which workflows call activities.

// Locally runs an activity inside the worker's workflow task: three times faster than a regular one and almost without
// history. It gives up after a few seconds, so that a database that is away does not hold the task.
var Locally = workflow.LocalActivityOptions{
	StartToCloseTimeout:    3 * time.Second,
	ScheduleToCloseTimeout: 4 * time.Second,
	RetryPolicy: &temporal.RetryPolicy{
		InitialInterval:    50 * time.Millisecond,
		BackoffCoefficient: 2,
		MaximumAttempts:    3,
	},
}

// Durably runs an activity through the server and tries again for ever: what a person said is written, however long the
// database is away.
var Durably = workflow.ActivityOptions{
	StartToCloseTimeout: 30 * time.Second,
	RetryPolicy: &temporal.RetryPolicy{
		InitialInterval:    time.Second,
		BackoffCoefficient: 2,
		MaximumInterval:    30 * time.Second,
	},
}
