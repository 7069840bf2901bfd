package demo

// mailDomain of everybody in the demo; .example belongs to nobody (RFC 2606).
const mailDomain = "demo.miglobe.example"

// advisor is one member of the invented pool.
type advisor struct {
	salutation, first, last string
	home                    string
	origin                  string // ISO 3166
	originConsent           bool
	topics                  []string
	languages               []string
	otherLanguage           string
	capacity                int
	format                  string
	about, competences      string
}

func (a advisor) email() string { return address(a.first) }

// advisors are the pool: 8 women and 12 men from twelve towns, with biographies from sixteen countries.
var advisors = []advisor{
	{"ms", "Almaz", "Muster", "Köln", "ET", true, []string{"partnerships", "education"}, []string{"german", "english"}, "", 2, "either",
		"Ich leite Bildungsprojekte und bringe Schulen aus zwei Ländern zusammen.", "Projektschulen, Austausch von Lehrkräften"},
	{"ms", "Farhana", "Beispiel", "Bonn", "BD", true, []string{"fair_trade", "global_sustainability"}, []string{"german", "english"}, "", 1, "either",
		"Ich kenne Lieferketten der Textilindustrie von beiden Enden.", "Beschaffung von Textilien, Siegel, Gespräche mit Betrieben"},
	{"ms", "Akosua", "Vorlage", "Düsseldorf", "GH", false, []string{"partnerships", "migration_development"}, []string{"german", "english"}, "", 2, "on_site",
		"Ich habe zwei Städtepartnerschaften mit aufgebaut.", "Vereinsarbeit, Förderanträge, Moderation"},
	{"ms", "Mariama", "Probe", "Dortmund", "GN", true, []string{"participation", "migration_development"}, []string{"german", "french"}, "", 1, "either",
		"Ich arbeite mit Frauengruppen und berate Verwaltungen bei der Beteiligung.", "Frauennetzwerke, aufsuchende Arbeit"},
	{"ms", "Wanjiru", "Modell", "Münster", "KE", true, []string{"global_sustainability", "education"}, []string{"german", "english"}, "", 2, "video",
		"Klimaanpassung in Städten ist mein Beruf und mein Thema.", "Klimapartnerschaften, Agenda 2030, Jugendbeteiligung"},
	{"ms", "Salma", "Exempel", "Aachen", "MA", false, []string{"participation", "education"}, []string{"german", "french", "other"}, "Arabisch", 1, "either",
		"Ich begleite Integrationsräte und kommunale Bildungsbüros.", "Gremienarbeit, Bildungslandschaften"},
	{"ms", "Uwase", "Demo", "Bochum", "RW", true, []string{"partnerships", "participation"}, []string{"german", "english", "french"}, "", 1, "either",
		"Erinnerungsarbeit und Versöhnung haben mich zur Kommunalpolitik gebracht.", "Dialogverfahren, Gedenkarbeit"},
	{"ms", "Linh", "Schablone", "Hamm", "VN", true, []string{"fair_trade", "education"}, []string{"german", "other"}, "Vietnamesisch", 2, "on_site",
		"Ich organisiere Bildungsangebote zu Konsum und Produktion.", "Fairtrade-Kampagnen, Schulen und Kitas"},
	{"mr", "Koffi", "Platzhalter", "Duisburg", "CI", true, []string{"fair_trade", "partnerships"}, []string{"german", "french"}, "", 1, "either",
		"Kakao ist mein Lebensthema: vom Anbau bis zur Ausschreibung.", "Faire Beschaffung, Genossenschaften"},
	{"mr", "Kwame", "Entwurf", "Köln", "GH", true, []string{"migration_development", "partnerships"}, []string{"german", "english"}, "", 3, "either",
		"Ich verbinde Vereine der Diaspora mit Stadtverwaltungen.", "Netzwerke der Diaspora, Projektsteuerung"},
	{"mr", "Bacar", "Skizze", "Bonn", "GW", false, []string{"education", "participation"}, []string{"german", "french", "other"}, "Portugiesisch", 1, "either",
		"Ich arbeite mit Musik und Theater in der politischen Bildung.", "Kulturarbeit, Jugendgruppen"},
	{"mr", "Arjun", "Konzept", "Bochum", "IN", true, []string{"global_sustainability", "fair_trade"}, []string{"german", "english"}, "", 2, "video",
		"Ich berate Betriebe und Städte zu nachhaltigen Lieferketten.", "Natursteine, IT-Beschaffung, Agenda 2030"},
	{"mr", "Emmanuel", "Prototyp", "Mülheim an der Ruhr", "CM", true, []string{"partnerships", "global_sustainability"}, []string{"german", "english", "french"}, "", 1, "on_site",
		"Ich habe eine Klimapartnerschaft von der Idee bis zum Ratsbeschluss begleitet.", "Kommunalverwaltung, Wasser und Abfall"},
	{"mr", "Serge", "Versuch", "Düsseldorf", "CM", false, []string{"participation", "migration_development"}, []string{"german", "french"}, "", 1, "either",
		"Ich war Mitglied eines Integrationsrates und kenne beide Seiten des Tisches.", "Kommunalpolitik, Beteiligungsverfahren"},
	{"mr", "Glody", "Testfall", "Witten", "CD", true, []string{"education", "migration_development"}, []string{"german", "french"}, "", 2, "either",
		"Ich berate Vereine bei Projekten zu Rohstoffen und Menschenrechten.", "Bildungsarbeit, Rohstoffe"},
	{"mr", "Youssef", "Studie", "Dortmund", "MA", true, []string{"participation", "partnerships"}, []string{"german", "french", "other"}, "Arabisch", 1, "either",
		"Ich moderiere Bürgerdialoge in Quartieren.", "Quartiersarbeit, Moscheegemeinden, Moderation"},
	{"mr", "Chinedu", "Baukasten", "Wiehl", "NG", true, []string{"migration_development", "global_sustainability"}, []string{"german", "english"}, "", 1, "either",
		"Ich arbeite im ländlichen Raum an Energieprojekten mit Partnern in Westafrika.", "Erneuerbare Energien, kleine Kommunen"},
	{"mr", "Emeka", "Attrappe", "Münster", "NG", false, []string{"education", "fair_trade"}, []string{"german", "english"}, "", 0, "video",
		"Ich unterrichte und bilde Multiplikatorinnen und Multiplikatoren fort.", "Globales Lernen, Hochschulen"},
	{"mr", "Mamadou", "Fallbeispiel", "Köln", "SN", true, []string{"partnerships", "participation"}, []string{"german", "french"}, "", 2, "either",
		"Ich bringe seit Jahren Vereine und Verwaltungen an einen Tisch.", "Vereinsnetzwerke, Partnerschaftsarbeit"},
	{"mr", "Sipho", "Übung", "Aachen", "ZA", true, []string{"global_sustainability", "education"}, []string{"german", "english"}, "", 1, "either",
		"Ich begleite Kommunen auf dem Weg zur Nachhaltigkeitsstrategie.", "Agenda 2030, Berichtswesen"},
}
