package temporal

import (
	"context"
	"fmt"
	"net/http"

	"github.com/temporalio/ui-server/v2/server"
	"github.com/temporalio/ui-server/v2/server/config"
	"github.com/temporalio/ui-server/v2/server/server_options"
)

// UI is the running Temporal web UI.
type UI struct {
	server *server.Server
	done   chan struct{}
}

// StartUI serves the Temporal web UI for the server at address, and returns when it answers. The port
// must be free: the UI ends the whole process when it cannot listen.
func StartUI(ctx context.Context, address string, port int) (*UI, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()

	ui := &UI{done: make(chan struct{})}
	ui.server = server.NewServer(server_options.WithConfigProvider(&config.Config{
		TemporalGRPCAddress: address,
		Host:                "127.0.0.1",
		Port:                port,
		EnableUI:            true,
		DefaultNamespace:    Namespace,
		DisableNewsFetch:    true,
		HideLogs:            true,
		CORS:                config.CORS{CookieInsecure: true},
	}))
	go func() {
		defer close(ui.done)
		_ = ui.server.Start() // nil when stopped; what goes wrong it logs
	}()
	if err := untilDone(ctx, func() error { return answers(ctx, "http://"+loopback(port)+"/healthz") }); err != nil {
		ui.Stop()
		return nil, fmt.Errorf("temporal: web UI: %w", err)
	}
	return ui, nil
}

// Stop ends the web UI.
func (u *UI) Stop() {
	u.server.Stop()
	<-u.done
}

func answers(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", address, response.Status)
	}
	return nil
}
