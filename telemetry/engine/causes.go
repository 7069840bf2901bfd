package engine

import (
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// causes hangs an activity below the Update that brought it about. A workflow writes its steps in the coroutine of the
// journey, not in that of the Update, so the tracing of the SDK alone would hang them below the start of the workflow,
// months ago. It adds no command and changes none: histories replay with it and without it.
type causes struct{ interceptor.InterceptorBase }

func (*causes) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &inbound{WorkflowInboundInterceptorBase: interceptor.WorkflowInboundInterceptorBase{Next: next}}
}

// inbound belongs to one run of a workflow, whose coroutines take turns.
type inbound struct {
	interceptor.WorkflowInboundInterceptorBase
	updates []any // spans of the Updates under way, the latest last
}

func (i *inbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	return i.Next.Init(&outbound{WorkflowOutboundInterceptorBase: interceptor.WorkflowOutboundInterceptorBase{Next: next}, inbound: i})
}

func (i *inbound) ExecuteUpdate(ctx workflow.Context, in *interceptor.UpdateInput) (any, error) {
	span := ctx.Value(spanKey{})
	i.updates = append(i.updates, span)
	defer func() {
		for n := len(i.updates) - 1; n >= 0; n-- {
			if i.updates[n] == span {
				i.updates = append(i.updates[:n], i.updates[n+1:]...)
				return
			}
		}
	}()
	return i.Next.ExecuteUpdate(ctx, in)
}

type outbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	inbound *inbound
}

func (o *outbound) ExecuteActivity(ctx workflow.Context, activityType string, args ...any) workflow.Future {
	return o.Next.ExecuteActivity(o.caused(ctx), activityType, args...)
}

func (o *outbound) ExecuteLocalActivity(ctx workflow.Context, activityType string, args ...any) workflow.Future {
	return o.Next.ExecuteLocalActivity(o.caused(ctx), activityType, args...)
}

func (o *outbound) caused(ctx workflow.Context) workflow.Context {
	if n := len(o.inbound.updates); n > 0 {
		return workflow.WithValue(ctx, spanKey{}, o.inbound.updates[n-1])
	}
	return ctx
}
