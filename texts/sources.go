package texts

import (
	"fmt"
	"io/fs"
)

// sourcesOf lists the files of a kind of texts in one language: KIND/LANG.yaml first, then one file for each area below
// KIND/LANG.
func sourcesOf(kind string, lang Lang) ([]string, error) {
	more, err := fs.Glob(files, kind+"/"+string(lang)+"/*.yaml")
	return append([]string{kind + "/" + string(lang) + ".yaml"}, more...), err
}

func eachSource(kind string, lang Lang, read func(name string, source []byte) error) error {
	names, err := sourcesOf(kind, lang)
	if err != nil {
		return err
	}
	for _, name := range names {
		source, err := files.ReadFile(name)
		if err == nil {
			err = read(name, source)
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	return nil
}
