package product

import "miglobe/mail"

// Who runs a local MiGlobe: nobody real, and visibly so.
const coordinationPhone = "0000 000000"

var (
	mailFrom = mail.Address{Name: "MiGlobe (Demo)", Address: "miglobe@demo.miglobe.example"}
	replyTo  = mail.Address{Name: "Koordination (Demo)", Address: "koordination@demo.miglobe.example"}
)

// operator fills the placeholders of the legal pages.
func operator() map[string]string {
	return map[string]string{
		"operator_name":    "Demo-Betrieb MiGlobe",
		"operator_address": "Beispielweg 1, 00000 Musterhausen",
		"operator_email":   replyTo.Address,
		"operator_phone":   coordinationPhone,
	}
}
