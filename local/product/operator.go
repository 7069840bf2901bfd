package product

import "miglobe/mail"

// Who runs a local MiGlobe: nobody real, and visibly so.
const coordinationPhone = "0000 000000"

var (
	mailFrom = mail.Address{Name: "MiGlobe (Demo)", Address: "miglobe@demo.miglobe.example"}
	replyTo  = mail.Address{Name: "Koordination (Demo)", Address: "koordination@demo.miglobe.example"}
)

// operator fills the placeholders of the legal pages, all of those that texts/README.md lists.
func operator() map[string]string {
	return map[string]string{
		"operator_name":             "Demo-Betrieb MiGlobe",
		"operator_address":          "Beispielweg 1, 00000 Musterhausen",
		"operator_email":            replyTo.Address,
		"operator_phone":            coordinationPhone,
		"operator_representative":   "Demo",
		"operator_register":         "Demo",
		"operator_vat_id":           "Demo",
		"editorially_responsible":   "Demo-Betrieb MiGlobe",
		"commissioning_body":        "Demo-Auftraggeber",
		"source_url":                "https://miglobe.example/source",
		"dpo_contact":               "datenschutz@demo.miglobe.example",
		"supervisory_authority":     "Demo-Aufsicht, https://aufsicht.example",
		"privacy_date":              "01.01.2026 (Demo)",
		"legal_basis_public_task":   "§ 1 Demo-Gesetz",
		"legal_basis_advisors":      "Art. 6 DSGVO / GDPR (Demo)",
		"hosting_provider":          "Demo-Rechenzentrum",
		"mail_provider":             "Demo-Mailversand",
		"third_country_transfers":   "–",
		"retention_log_days":        "30",
		"accessibility_law":         "BITV 2.0",
		"accessibility_status":      "Demo",
		"accessibility_test_method": "Demo",
		"accessibility_test_date":   "01.01.2026",
		"known_barriers":            "–",
		"statement_date":            "01.01.2026",
		"feedback_answer_time":      "6 Wochen / 6 weeks",
		"enforcement_body":          "Demo-Schlichtungsstelle, https://schlichtung.example",
		"easy_language_review":      "Demo",
	}
}
