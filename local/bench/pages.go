package bench

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"miglobe/advisory"
	"miglobe/local/robot"
	"miglobe/migrations"
	"miglobe/server"
	"miglobe/store"
	"miglobe/texts"
)

const (
	fewConsultations, manyConsultations = 1_000, 100_000

	readers     = 2 // at a time
	pageRounds  = 3
	pageTime    = 700 * time.Millisecond
	growthGoal  = 1.5
	pagesGoal   = 50.0 // a second
	slowestGoal = 200 * time.Millisecond
)

//go:embed fill/pages.sql
var pagesFill string

// measurePages asks for the pages of the coordination team with few consultations and with many, in turns.
func measurePages(ctx context.Context, options Options) (result Result, err error) {
	around, err := setUp(ctx)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, around.tearDown()) }()
	few, err := openArchive(ctx, around, options.size(fewConsultations, 200))
	if err != nil {
		return result, err
	}
	defer few.close()
	many, err := openArchive(ctx, around, options.size(manyConsultations, 2_000))
	if err != nil {
		return result, err
	}
	defer many.close()
	for range pageRounds {
		for i := range pageKinds {
			for _, a := range []*archive{few, many} {
				if err := a.read(ctx, i, options.size(600, 50)); err != nil {
					return result, err
				}
			}
		}
	}
	return comparePages(few, many), nil
}

func comparePages(few, many *archive) Result {
	table := Table{Head: []string{"page", "p50 with " + few.name(), "p50 with " + many.name(), "ratio", "p99 with " + few.name(),
		"p99 with " + many.name(), "pages/s with " + many.name()}}
	worst, slowest, all := 0.0, time.Duration(0), timing{}
	var worstPage, slowestPage string
	for i, kind := range pageKinds {
		small, large := &few.timings[i], &many.timings[i]
		ratio := float64(large.p50()) / float64(small.p50())
		if ratio > worst {
			worst, worstPage = ratio, kind.name
		}
		if large.p99() > slowest {
			slowest, slowestPage = large.p99(), kind.name
		}
		all.each, all.total = append(all.each, large.each...), all.total+large.total
		table.Rows = append(table.Rows, []string{kind.name, ms(small.p50()), ms(large.p50()), fmt.Sprintf("%.2f", ratio),
			ms(small.p99()), ms(large.p99()), rate(large.perSecond())})
	}
	return Result{
		Goals: []Goal{
			{Measure: "slowest growth of a page (" + worstPage + "), p50 with " + many.name() + " consultations beside " + few.name(),
				Value: fmt.Sprintf("%.2f ×", worst), Wanted: fmt.Sprintf("≤ %.1f ×", growthGoal), Met: worst <= growthGoal,
				Reason: "what grows with 5,000 consultations under way and 200 coordinators: over all pages the database spends 22 % of its time on the people in the choices of the filters, 20 % on the numbers beside the lists and 10 % on those of the stages (sampled); the board ranks all 5,000 by what is due first; the rows of a page come from an index"},
			{Measure: "all pages with " + many.name() + " consultations, two at a time", Value: rate(all.perSecond()),
				Wanted: "≥ " + rate(pagesGoal), Met: all.perSecond() >= pagesGoal},
			{Measure: "slowest page (" + slowestPage + "), p99 with " + many.name() + " consultations", Value: ms(slowest),
				Wanted: "≤ " + ms(slowestGoal), Met: slowest <= slowestGoal},
		},
		Tables: []Table{table},
		Notes: []string{"One of twenty consultations is under way. Each has " + strconv.Itoa(archiveTasks) + " tasks, inputs and mails and ten " +
			"lines of history. A coordinator is responsible for 25 that are under way. Two people read at a time."},
	}
}

// archive is a MiGlobe with consultations in a database of its own.
type archive struct {
	n        int
	store    *store.Store
	site     *http.Server
	visitors [readers]*robot.Visitor
	timings  []timing // by kind of page
}

const archiveTasks = 5

func openArchive(ctx context.Context, around *surroundings, n int) (*archive, error) {
	a := &archive{n: n, timings: make([]timing, len(pageKinds))}
	database := "archive_" + strconv.Itoa(n)
	if err := around.Postgres.CreateDatabase(ctx, database); err != nil {
		return nil, err
	}
	var err error
	if a.store, err = store.Open(ctx, around.Postgres.DSN(database)); err != nil {
		return nil, err
	}
	if err := migrations.Up(ctx, a.store.DB()); err != nil {
		return nil, err
	}
	if err := a.store.EnsureProgramme(ctx, advisory.DefaultProgramme()); err != nil {
		return nil, err
	}
	if err := fill(ctx, a.store.DB(), pagesFill, map[string]string{
		"n": strconv.Itoa(n), "tasks": strconv.Itoa(archiveTasks),
		"coordinators": strconv.Itoa(max(n/500, 1)), "advisors": strconv.Itoa(20 * max(n/10_000, 1)),
	}); err != nil {
		return nil, err
	}
	if err := vacuum(ctx, a.store.DB()); err != nil {
		return nil, err
	}
	return a, a.serve(ctx)
}

// serve serves the pages of the archive and signs the readers in. Nobody says anything, so there is no inbox.
func (a *archive) serve(ctx context.Context) error {
	catalog, err := texts.Load()
	if err != nil {
		return fmt.Errorf("texts: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	address := "http://" + listener.Addr().String()
	handler, err := server.New(server.Settings{SiteURL: address, Retention: advisory.DefaultRetention()},
		server.Dependencies{Store: a.store, Texts: catalog, Clock: advisory.RealClock(), Log: quiet()})
	if err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	a.site = &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go a.site.Serve(listener) //nolint:errcheck // ends with the archive
	person, err := a.store.PersonByEmail(ctx, "coordination1@bench.example")
	if err != nil {
		return err
	}
	for i := range a.visitors {
		if a.visitors[i], err = signedIn(ctx, a.store, address, person.ID); err != nil {
			return err
		}
	}
	return nil
}

// signedIn opens a browser in which a person is signed in.
func signedIn(ctx context.Context, st *store.Store, site, personID string) (*robot.Visitor, error) {
	visitor, err := robot.NewVisitor(site, browserTransport())
	if err != nil {
		return nil, err
	}
	token, _, err := st.IssueSignInLink(ctx, personID, store.SignInLinkLife)
	if err != nil {
		return nil, err
	}
	return visitor, visitor.SignIn(ctx, token)
}

// browserTransport keeps the connections of one browser open.
func browserTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	return transport
}

func (a *archive) close() {
	if a.site != nil {
		_ = a.site.Close()
	}
	_ = a.store.Close()
}

func (a *archive) name() string {
	if a.n < 1000 {
		return strconv.Itoa(a.n)
	}
	return fmt.Sprintf("%d,%03d", a.n/1000, a.n%1000)
}

// pageKind is a page with an address that changes with every visit.
type pageKind struct {
	name    string
	address func(n int) string // of n consultations
}

var pageKinds = []pageKind{
	{"workbench: own tasks", func(int) string { return "/arbeitsplatz" }},
	{"workbench: tasks of the team", func(int) string { return "/arbeitsplatz?liste=team" }},
	{"workbench: unclaimed", func(int) string { return "/arbeitsplatz?liste=unclaimed" }},
	{"workbench: waiting for others", func(int) string { return "/arbeitsplatz?liste=waiting" }},
	{"workbench: one Land", func(int) string { return "/arbeitsplatz?liste=team&land=NW" }},
	{"workbench: search", func(n int) string { return "/arbeitsplatz?liste=team&q=" + someMunicipality(n) }},
	{"all consultations", func(int) string { return "/vorgaenge" }},
	{"all consultations: in dialogue", func(int) string { return "/vorgaenge?station=dialogue" }},
	{"all consultations: completed", func(int) string { return "/vorgaenge?stand=completed" }},
	{"all consultations: page 50, or the last", func(n int) string { return "/vorgaenge?seite=" + strconv.Itoa(min(50, n/25)) }},
	{"search for a number", func(n int) string { return fmt.Sprintf("/vorgaenge?q=%05d", 1+rand.IntN(n)) }},
	{"search for a municipality", func(n int) string { return "/vorgaenge?q=" + someMunicipality(n) }},
	{"board", func(int) string { return "/vorgaenge/tafel" }},
	{"directory of municipalities", func(n int) string { return "/kommunen?seite=" + strconv.Itoa(1+rand.IntN(min(20, n/100))) }},
	{"consultation: appointments of its timeline", func(n int) string {
		return "/beratungen/" + archiveNumber(1+rand.IntN(n), n) + "?verlauf=appointments"
	}},
	{"consultation", func(n int) string { i := 1 + rand.IntN(n); return "/beratungen/" + archiveNumber(i, n) }},
}

// someMunicipality is the name of one of n consultations' municipality, as fill/pages.sql gives it.
func someMunicipality(n int) string {
	i := 1 + rand.IntN(n)
	name := []string{"muster", "test", "probe", "demo", "beispiel"}[i%5] +
		[]string{"hausen", "stadt", "berg", "feld", "brück", "bach", "wald"}[i/5%7]
	return url.QueryEscape(name + " " + strconv.Itoa(i/35%400))
}

// archiveNumber is the number that fill/pages.sql gives.
func archiveNumber(i, n int) string { return fmt.Sprintf("MG-%d-%05d", 2026-(n-i)*8/n, i) }

// read asks for one kind of page for a while.
func (a *archive) read(ctx context.Context, kind, visits int) error {
	t, until := &a.timings[kind], time.Now().Add(pageTime)
	return t.span(func() error {
		return together(ctx, readers, func(ctx context.Context, reader int) error {
			for i := 0; i < visits && time.Now().Before(until); i++ {
				path := pageKinds[kind].address(a.n)
				err := t.time(func() error {
					status, _, err := a.visitors[reader].Open(ctx, path)
					if err == nil && status != http.StatusOK {
						err = fmt.Errorf("%s answers %d", path, status)
					}
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}
