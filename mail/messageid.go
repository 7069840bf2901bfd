package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
)

// Domain is the domain of the sender in ids, from the address of the pages.
func Domain(siteURL string) string {
	if site, err := url.Parse(siteURL); err == nil && site.Hostname() != "" {
		return site.Hostname()
	}
	return "localhost"
}

// MessageID derives the id of a mail from the key of its row, so that a mail
// that is sent a second time after a crash is the same message to every mail
// program. The key cannot be read from it. The domain is that of the sender.
// Ids have no angle brackets here; Send writes them.
func MessageID(key, domain string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16]) + "@" + domain
}

// ThreadID is what all mails of one consultation answer to, although no mail
// has this id: mail programs show them as one conversation. It is for
// Envelope.InReplyTo and Envelope.References.
func ThreadID(consultationID, domain string) string {
	return MessageID("consultation/"+consultationID, domain)
}
