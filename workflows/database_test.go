package workflows_test

import (
	"encoding/json"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"

	"miglobe/advisory"
)

// database stands between a workflow and the world in the place of the activities. Unlike activities of the test
// environment, which run beside it, it writes at a moment that the test decides, so that every run is the same.
type database struct {
	interceptor.WorkerInterceptorBase
	world *world
}

func (d *database) InterceptWorkflow(ctx workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	inbound := &inbound{world: d.world}
	inbound.Next = next
	return inbound
}

type inbound struct {
	interceptor.WorkflowInboundInterceptorBase
	world *world
}

func (i *inbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	outbound := &outbound{world: i.world}
	outbound.Next = next
	return i.Next.Init(outbound)
}

type outbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	world *world
}

// ExecuteLocalActivity tries once.
func (o *outbound) ExecuteLocalActivity(ctx workflow.Context, _ string, args ...any) workflow.Future {
	future, settable := workflow.NewFuture(ctx)
	o.world.writing++
	write := func() {
		o.world.writing--
		settable.Set(o.write(args[0].(advisory.Step)))
	}
	if o.world.latency == 0 {
		write()
		return future
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		_ = workflow.Sleep(ctx, o.world.latency)
		write()
	})
	return future
}

// ExecuteActivity tries again and again until the database is back.
func (o *outbound) ExecuteActivity(ctx workflow.Context, _ string, args ...any) workflow.Future {
	future, settable := workflow.NewFuture(ctx)
	o.world.writing++
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			result, err := o.write(args[0].(advisory.Step))
			if err == nil {
				o.world.writing--
				settable.Set(result, nil)
				return
			}
			_ = workflow.Sleep(ctx, max(o.world.away.Sub(workflow.Now(ctx)), time.Second))
		}
	})
	return future
}

// write writes a step and returns its result as it comes over the wire.
func (o *outbound) write(step advisory.Step) (result advisory.StepResult, err error) {
	written, err := o.world.writeStep(step)
	if err != nil {
		return result, err
	}
	wire, err := json.Marshal(written)
	if err != nil {
		return result, err
	}
	return result, json.Unmarshal(wire, &result)
}
