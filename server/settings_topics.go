package server

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"miglobe/advisory"
	"miglobe/server/form"
	"miglobe/texts"
)

const topicsPath = settingsPath + "/themen"

func (s *Server) topicSettingsRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: topicsPath, Who: settingsAccess, Handle: s.showTopics},
		{Method: http.MethodPost, Path: topicsPath, Who: settingsAccess, Handle: s.saveTopics},
	}
}

var topicFields = []string{"label_de", "label_en", "hint_de", "hint_en", positionField, "offered"}

// topicsDesk is the list of topics that is changed.
type topicsDesk struct {
	Programme advisory.Programme
	Words     map[string]advisory.TopicWords // of all topics
	Keys      []string                       // of all topics, those offered first
	Form      *texts.Form
}

func topicItem(key string) string { return "topic-" + key }

func (s *Server) topicsDesk(c *Context) (topicsDesk, error) {
	p, own, err := currentTopics(c.Request().Context(), s.store)
	if err != nil {
		return topicsDesk{}, err
	}
	d := topicsDesk{Programme: p, Keys: topicKeys(s.texts.Catalog, p, own), Words: map[string]advisory.TopicWords{}}
	template := c.Form("settings_topic")
	f := &texts.Form{Name: template.Name, Title: template.Title, Submit: template.Submit}
	for i, key := range d.Keys {
		d.Words[key] = wordsOfTopic(s.texts.Catalog, own, key)
		title := strconv.Itoa(i+1) + ". " + texts.Word(c.Lang, d.Words[key].Label)
		if !slices.Contains(p.Topics, key) {
			title += " – " + c.T("settings_topics.not_offered")
		}
		f.Steps = append(f.Steps, itemStep(template, topicItem(key), title, "", topicFields...))
	}
	added := itemStep(template, newItem, c.T("settings_topics.new"), c.T("settings_topics.new_intro"), topicFields...)
	f.Steps = append(f.Steps, optional(added))
	f.Steps = append(f.Steps, c.Form("settings_note").Steps...)
	d.Form, c.form, c.Sources = f, f, positions(len(d.Keys)+1)
	return d, nil
}

// answers show the topics as they are.
func (d topicsDesk) answers() advisory.Answers {
	answers := advisory.Answers{itemField(newItem, "offered"): {form.Checked}}
	for i, key := range d.Keys {
		item := topicItem(key)
		setWords(answers, item, "label", d.Words[key].Label)
		setWords(answers, item, "hint", d.Words[key].Hint)
		if slices.Contains(d.Programme.Topics, key) {
			answers.Set(itemField(item, "offered"), form.Checked)
		}
		answers.Set(itemField(item, positionField), strconv.Itoa(i+1))
	}
	answers.Set(itemField(newItem, positionField), strconv.Itoa(len(d.Programme.Topics)+1))
	return answers
}

func setWords(answers advisory.Answers, item, field string, words advisory.Words) {
	for suffix, text := range map[string]string{"_de": words.German, "_en": words.English} {
		if text != "" {
			answers.Set(itemField(item, field+suffix), text)
		}
	}
}

func wordsIn(answers advisory.Answers, item, field string) advisory.Words {
	return advisory.Words{German: answers.Get(itemField(item, field+"_de")), English: answers.Get(itemField(item, field+"_en"))}
}

// changed is the programme with the topics as they were typed, and the key of the one that was added, "" for none.
func (d topicsDesk) changed(answers advisory.Answers) (p advisory.Programme, added string) {
	p, keys := d.Programme, slices.Clone(d.Keys)
	p.Topics, p.TopicWords = nil, map[string]advisory.TopicWords{}
	item := map[string]string{}
	for _, key := range keys {
		item[key] = topicItem(key)
	}
	words := func(item string) advisory.TopicWords {
		return advisory.TopicWords{Label: wordsIn(answers, item, "label"), Hint: wordsIn(answers, item, "hint")}
	}
	if typed := words(newItem); typed != (advisory.TopicWords{}) {
		added = advisory.TopicKey(typed.Label.German, func(key string) bool { return slices.Contains(d.Keys, key) })
		keys, item[added] = append(keys, added), newItem
	}
	for _, key := range placed(keys, func(i int) string { return answers.Get(itemField(item[keys[i]], positionField)) }) {
		p.TopicWords[key] = words(item[key])
		if answers.Has(itemField(item[key], "offered"), form.Checked) {
			p.Topics = append(p.Topics, key)
		}
	}
	return p, added
}

func (s *Server) showTopics(c *Context) error {
	d, err := s.topicsDesk(c)
	if err != nil {
		return err
	}
	return c.showTopics(d, d.answers(), nil)
}

func (c *Context) showTopics(d topicsDesk, answers advisory.Answers, errs form.Errors) error {
	return c.showSettingsForm(statusOfForm(errs), settingsFormPage{
		Title: c.T("settings_topics.title"), Intro: c.T("settings_topics.intro"), Base: d.Programme.Version,
		BackPath: settingsPath, BackLabel: c.T("settings.title"),
	}, d.Form, answers, errs)
}

func (s *Server) saveTopics(c *Context) error {
	d, err := s.topicsDesk(c)
	if err != nil {
		return err
	}
	if err := c.newestFrom(d.Programme); err != nil {
		return err
	}
	answers := form.Decode(d.Form, c.Posted(), c.Sources)
	errs := form.Validate(d.Form, answers, c.Sources, c.FormContext())
	changed, added := d.changed(answers)
	errs = addProblems(errs, d.Form, c, changed.TopicProblems(), func(key string) string {
		if key == added {
			return newItem
		}
		return topicItem(key)
	})
	if slices.Equal(changed.Topics, d.Programme.Topics) && maps.Equal(changed.TopicWords, d.Words) {
		errs = errs.Add(d.Form, c.Sources, c.FormContext(), "", "list_unchanged")
	}
	if len(errs) > 0 {
		return c.showTopics(d, answers, errs)
	}
	version, err := s.addVersion(c, changed, answers.Get(noteField))
	if err != nil {
		return err
	}
	return c.Done(topicsPath, "settings_topics.done", "n", version)
}
