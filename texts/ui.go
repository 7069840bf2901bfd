package texts

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

func loadUI(lang Lang) (map[string]string, error) {
	out, read := map[string]string{}, map[string]string{}
	err := eachSource("ui", lang, func(name string, source []byte) error {
		var document map[string]yaml.Node
		if err := yaml.Unmarshal(source, &document); err != nil {
			return err
		}
		delete(document, "version")
		for section, node := range document {
			if other, twice := read[section]; twice {
				return fmt.Errorf("%s is in %s, too", section, other)
			}
			read[section] = name
			if err := flatten(out, section, node); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for key, text := range out {
		if task, ok := strings.CutPrefix(key, "additional_tasks."); ok {
			out["tasks."+task] = text
		}
	}
	return out, nil
}

// flatten writes the texts of nested maps under dotted keys.
func flatten(out map[string]string, path string, node yaml.Node) error {
	switch node.Kind {
	case yaml.ScalarNode:
		out[path] = node.Value
		return nil
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if err := flatten(out, path+"."+node.Content[i].Value, *node.Content[i+1]); err != nil {
				return err
			}
		}
		return nil
	default:
		return fmt.Errorf("line %d: %s is neither a text nor a group of texts", node.Line, path)
	}
}
