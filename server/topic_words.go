package server

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"miglobe/advisory"
	"miglobe/store"
	"miglobe/texts"
)

const (
	topicList = "topics" // the option list

	topicsEvery   = 2 * time.Second // how long a new version may go unnoticed
	topicsTimeout = 2 * time.Second
)

// wording is the texts with the topics as the programme names them now: wherever a page or form shows a topic, offered or
// not any more, it gets its label here.
type wording struct {
	*texts.Catalog
	topics *topicWords
}

// OptionList is that of the texts; of the topics all that were ever offered, those that are offered now first.
func (w wording) OptionList(lang texts.Lang, name string) []texts.Option {
	if name != topicList || w.topics == nil { // nil: without a database
		return w.Catalog.OptionList(lang, name)
	}
	return w.topics.current().options[lang]
}

// OptionLabel is that of the texts or of the topics.
func (w wording) OptionLabel(lang texts.Lang, list, key string) string {
	if list == topicList {
		for _, option := range w.OptionList(lang, topicList) {
			if option.Key == key {
				return option.Label
			}
		}
	}
	return w.Catalog.OptionLabel(lang, list, key)
}

// Form is that of the texts, with all topics. See offering for a form that somebody fills in.
func (w wording) Form(lang texts.Lang, name string) (*texts.Form, bool) {
	f, ok := w.Catalog.Form(lang, name)
	if !ok || !asksForTopics(f) {
		return f, ok
	}
	return withTopics(f, w.OptionList(lang, topicList)), true
}

func asksForTopics(f *texts.Form) bool {
	return slices.ContainsFunc(f.Steps, func(step texts.Step) bool {
		return slices.ContainsFunc(step.Fields, func(field texts.Field) bool { return field.OptionsFrom == topicList })
	})
}

func withTopics(f *texts.Form, topics []texts.Option) *texts.Form {
	changed := *f
	changed.Steps = slices.Clone(f.Steps)
	for i := range changed.Steps {
		fields := slices.Clone(changed.Steps[i].Fields)
		for j := range fields {
			if fields[j].OptionsFrom == topicList {
				fields[j].Options = topics
			}
		}
		changed.Steps[i].Fields = fields
	}
	return &changed
}

// offering is a form that offers these topics in their order, and behind them those that were chosen earlier: what is no
// longer offered must not be lost by saving something else.
func (c *Context) offering(f *texts.Form, offered, chosen []string) *texts.Form {
	known := c.server.texts.OptionList(c.Lang, topicList)
	var topics []texts.Option
	for _, key := range slices.Concat(offered, chosen) {
		i := slices.IndexFunc(known, func(o texts.Option) bool { return o.Key == key })
		if i >= 0 && !slices.ContainsFunc(topics, func(o texts.Option) bool { return o.Key == key }) {
			topics = append(topics, known[i])
		}
	}
	f = withTopics(f, topics)
	c.form = f
	return f
}

// topicWords remembers the topics of the newest programme. It looks again every few seconds, so that every server notices
// a new version by itself.
type topicWords struct {
	store   *store.Store
	catalog *texts.Catalog
	log     *slog.Logger

	known atomic.Pointer[knownTopics]
	read  sync.Mutex
}

type knownTopics struct {
	offered []string
	options map[texts.Lang][]texts.Option
	readAt  time.Time
}

// current reads the topics where they may be outdated. While one request reads, and while the database is away, the others
// go on with what is known; before anything is, with the topics of the release.
func (t *topicWords) current() *knownTopics {
	known := t.known.Load()
	if known != nil && time.Since(known.readAt) < topicsEvery {
		return known
	}
	if known == nil {
		t.read.Lock()
	} else if !t.read.TryLock() {
		return known
	}
	defer t.read.Unlock()
	if newer := t.known.Load(); newer != nil && newer != known {
		return newer
	}
	read, err := t.readAll()
	if err != nil {
		t.log.Warn("topics of the programme", "err", err)
		if known != nil {
			return known
		}
		return t.topicsOf(advisory.DefaultProgramme(), nil)
	}
	t.known.Store(read)
	return read
}

// forget lets the next request read again, after this server has made a version.
func (t *topicWords) forget() {
	t.read.Lock()
	defer t.read.Unlock()
	t.known.Store(nil)
}

func (t *topicWords) readAll() (*knownTopics, error) {
	ctx, cancel := context.WithTimeout(context.Background(), topicsTimeout)
	defer cancel()
	programme, words, err := currentTopics(ctx, t.store)
	if err != nil {
		return nil, err
	}
	return t.topicsOf(programme, words), nil
}

// currentTopics are the newest programme and the words of all topics that some version has named. A topic that the newest
// version offers without words of its own has those of the release again.
func currentTopics(ctx context.Context, st *store.Store) (advisory.Programme, map[string]advisory.TopicWords, error) {
	programme, err := st.Programme(ctx)
	if advisory.CodeOf(err) == advisory.NotFound { // a database that no worker has seen
		programme, err = advisory.DefaultProgramme(), nil
	}
	if err != nil {
		return programme, nil, err
	}
	words, err := st.TopicWords(ctx)
	for _, key := range programme.Topics {
		if _, own := programme.TopicWords[key]; !own {
			delete(words, key)
		}
	}
	return programme, words, err
}

func (t *topicWords) topicsOf(p advisory.Programme, words map[string]advisory.TopicWords) *knownTopics {
	known := &knownTopics{offered: p.Topics, options: map[texts.Lang][]texts.Option{}, readAt: time.Now()}
	for _, key := range topicKeys(t.catalog, p, words) {
		named := wordsOfTopic(t.catalog, words, key)
		for _, lang := range texts.Langs {
			known.options[lang] = append(known.options[lang], texts.Option{
				Key: key, Label: texts.Word(lang, named.Label), Description: texts.Word(lang, named.Hint),
			})
		}
	}
	return known
}

// topicKeys are all topics there are: those offered in their order, the others of the release, the others of the programme.
func topicKeys(catalog *texts.Catalog, p advisory.Programme, words map[string]advisory.TopicWords) []string {
	keys := slices.Clone(p.Topics)
	release := optionKeys(catalog.OptionList(texts.German, topicList))
	var own []string
	for key := range words {
		own = append(own, key)
	}
	slices.Sort(own)
	for _, key := range slices.Concat(release, own) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// wordsOfTopic are the programme's, else the release's; the key where nobody knows it.
func wordsOfTopic(catalog *texts.Catalog, words map[string]advisory.TopicWords, key string) advisory.TopicWords {
	named, ok := words[key]
	if !ok {
		german := labelIn(catalog.OptionList(texts.German, topicList))(key)
		named.Label = advisory.Words{German: german, English: labelIn(catalog.OptionList(texts.English, topicList))(key)}
	}
	named.Label.English = cmp.Or(named.Label.English, named.Label.German)
	return named
}
