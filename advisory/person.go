package advisory

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ConsultationNumber formats the number that people know a consultation by, for example MG-2026-0042.
func ConsultationNumber(year, n int) string { return fmt.Sprintf("MG-%d-%04d", year, n) }

// TaskID names the n-th task of a consultation. The workflow counts them, so that a repeated step opens the same task.
func TaskID(consultationID string, n int) string { return fmt.Sprintf("%s-%d", consultationID, n) }

// NormalEmail is the form in which addresses are kept and compared.
func NormalEmail(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// SlotLength is the duration behind an option of the list durations, for example minutes_90. An unknown one is an hour.
func SlotLength(option string) time.Duration {
	minutes, err := strconv.Atoi(strings.TrimPrefix(option, "minutes_"))
	if err != nil || minutes <= 0 {
		return time.Hour
	}
	return time.Duration(minutes) * time.Minute
}

// SessionUID is the UID of a session's calendar entry (RFC 5545). It stays the same for the whole life of the session.
func SessionUID(consultationID string, number int, domain string) string {
	return fmt.Sprintf("session-%d-%s@%s", number, consultationID, domain)
}
