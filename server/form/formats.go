package form

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"

	"miglobe/advisory"
)

const isoDate = "2006-01-02"

var (
	clockTime = regexp.MustCompile(`^([01]?[0-9]|2[0-3])[:.]([0-5][0-9])$`)
	number    = regexp.MustCompile(`^MG-[0-9]{4}-[0-9]{4,8}$`)
	telephone = regexp.MustCompile(`^[0-9 +/()\-]+$`)
	address   = regexp.MustCompile(`^[^\s@"<>()\[\]\\,;:]+@[^\s@"<>()\[\]\\,;:]+\.[^\s@"<>()\[\]\\,;:.]{2,}$`)
)

// parseDate reads a date as a date field posts it or as people type it.
func parseDate(value string) (time.Time, bool) {
	compact := strings.Join(strings.Fields(value), "")
	for _, layout := range []string{isoDate, "2.1.2006", "2/1/2006"} {
		day, err := time.ParseInLocation(layout, compact, advisory.Berlin)
		if err == nil && day.Year() >= 1900 && day.Year() < 2200 {
			return day, true
		}
	}
	return time.Time{}, false
}

// parseTime reads a time of day such as 9:00, 09:00 or 9.00 and returns it
// with two digits each.
func parseTime(value string) (string, bool) {
	found := clockTime.FindStringSubmatch(value)
	if found == nil {
		return "", false
	}
	hour := found[1]
	if len(hour) == 1 {
		hour = "0" + hour
	}
	return hour + ":" + found[2], true
}

// IsEmail tells whether a form would take the value for an address.
func IsEmail(value string) bool { return validEmail(value) }

func validEmail(value string) bool {
	parsed, err := mail.ParseAddress(value)
	return err == nil && parsed.Address == value && address.MatchString(value)
}

// validTelephone wants five digits: fewer cannot have an area code.
func validTelephone(value string) bool {
	digits := 0
	for _, r := range value {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return telephone.MatchString(value) && digits >= 5
}

func hasLetter(value string) bool { return strings.ContainsFunc(value, unicode.IsLetter) }
