package demo

import (
	"strings"

	"miglobe/advisory"
)

// account is somebody who signs in and is no advisor.
type account struct {
	role                    advisory.Role
	salutation, first, last string
	function                string
}

func (a account) email() string { return address(a.first) }

// staff are the people of the coordination and of the operation. Later code refers to coordinators by position.
var staff = []account{
	{advisory.Coordinator, "ms", "Jana", "Musterkoordination", "Koordination"},
	{advisory.Coordinator, "mr", "Tim", "Beispielkoordination", "Koordination"},
	{advisory.Coordinator, "neutral", "Kim", "Probekoordination", "Koordination"},
	{advisory.LeadCoordinator, "ms", "Renate", "Musterleitung", "Leitung"},
	{advisory.Reader, "mr", "Olaf", "Musterauftrag", "Auftraggeber"},
	{advisory.Administrator, "neutral", "Robin", "Musterbetrieb", "Betrieb"},
}

// contact is the person who speaks for an invented municipality.
type contact struct {
	municipality            string
	land                    advisory.Land
	unit                    string
	salutation, first, last string
	function                string
}

func (c contact) email() string {
	return address(c.first + "." + strings.ReplaceAll(c.municipality, " ", "-"))
}

// contacts by the key that requests name them with.
var contacts = map[string]contact{
	"musterhausen":  {"Musterhausen", "NW", "Amt für Internationales", "ms", "Sabine", "Muster", "Amtsleitung"},
	"beispielbach":  {"Beispielbach", "NW", "Fachbereich Umwelt", "mr", "Jens", "Beispiel", "Klimaschutz"},
	"vorlagental":   {"Vorlagental", "NW", "Stabsstelle Nachhaltigkeit", "ms", "Heike", "Vorlage", "Stabsstelle"},
	"probstadt":     {"Probstadt an der Probe", "HE", "Büro des Bürgermeisters", "mr", "Martin", "Probe", "Referent"},
	"modellingen":   {"Modellingen", "BW", "Amt für Integration", "ms", "Petra", "Modell", "Integrationsbeauftragte"},
	"exempelberg":   {"Exempelberg", "NI", "Zentrale Vergabestelle", "mr", "Uwe", "Exempel", "Vergabe"},
	"neumuster":     {"Neu Muster", "SH", "Fachdienst Kultur und Bildung", "ms", "Anke", "Neumuster", "Bildungsbüro"},
	"demowalde":     {"Demowalde", "BB", "Hauptamt", "mr", "Ronny", "Demo", "Hauptamtsleitung"},
	"testrode":      {"Testrode", "ST", "Sozialamt", "ms", "Katrin", "Test", "Sachgebiet Ehrenamt"},
	"skizzenheim":   {"Skizzenheim", "RP", "Kreisverwaltung, Partnerschaften", "mr", "Bernd", "Skizze", "Partnerschaften"},
	"entwurfsfelde": {"Entwurfsfelde", "NW", "Kommunales Integrationszentrum", "ms", "Gabi", "Entwurf", "Leitung"},
	"konzepthafen":  {"Konzepthafen", "MV", "Wirtschaftsförderung", "mr", "Lars", "Konzept", "Wirtschaftsförderung"},
}

var plainLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

func address(name string) string {
	return plainLetters.Replace(strings.ToLower(name)) + "@" + mailDomain
}

// SignIn is one way into the demo: who to be and with which address.
type SignIn struct {
	Role  advisory.Role
	Label string
	Email string
}

// SignIns lists one account of each role, in the order of the roles.
func SignIns() []SignIn {
	signIns := []SignIn{
		{advisory.Municipality, "Kommune", contacts["musterhausen"].email()},
		{advisory.Advisor, "Poolmitglied", advisors[0].email()},
	}
	labels := map[advisory.Role]string{
		advisory.Coordinator: "Koordination", advisory.LeadCoordinator: "Leitung",
		advisory.Reader: "Auftraggeber", advisory.Administrator: "Betrieb",
	}
	for _, person := range staff {
		if label, first := labels[person.role]; first {
			signIns = append(signIns, SignIn{person.role, label, person.email()})
			delete(labels, person.role)
		}
	}
	return signIns
}
