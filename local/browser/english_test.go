package browser_test

import "testing"

// TestEnglish: the public pages and the request form are there in English, and stay in it.
func TestEnglish(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, desk, "Toni", "toni-english@demo.example")
	v.open("/")
	v.follow("English")
	v.language = "/en"
	for _, page := range []string{"/ueber-den-pool", "/datenschutz", "/impressum", "/barrierefreiheit", "/anmelden", "/anfrage/fortsetzen", "/"} {
		v.open(page)
		if v.here.Lang != "en" {
			t.Errorf("%s is in %q", v.here.Path, v.here.Lang)
		}
	}
	v.follow("Request a consultation")
	v.press("Begin the request")

	v.expect("Your municipality")
	v.fill("For which municipality are you asking?", "Englischdorf")
	v.set("Land (federal state)", "Hesse")
	v.pressFor(422, "Continue")
	v.isTold("Please check 2 entries")
	v.fill("Department or unit", "International office")
	v.choose("In which role are you asking?", "I work for the municipality.")
	v.press("Continue")
	v.fill("What is the situation in your municipality?", "There is a partnership.")
	v.press("Continue")
	v.fill("Subject: your concern in one line", "Involving associations")
	v.fill("What would you like to achieve?", "Associations take part.")
	v.fill("On what would you like advice?", "How to begin.")
	v.press("Continue")
	v.choose("Which topics is it about?", "Municipal partnerships")
	v.choose("How would you like to talk?", "as a video call")
	v.press("Continue")
	v.fill("First name", "Toni")
	v.fill("Last name", "Muster")
	v.fill("Official email address", v.email)
	v.tick("I have read the privacy notice.")
	v.press("Continue")
	v.expect("Check and send")
	v.sees("Englischdorf", "Hesse", "Associations take part.")
	v.tick("I have checked my information.")
	v.sends("Send the request", "Please send it once more")
	v.expect("Please confirm your email address")
	v.followsMail("Please confirm your email address", "Confirm email address")
	v.press("Confirm")
	v.expect("Your request has arrived")
	if v.here.Lang != "en" {
		t.Errorf("%s is in %q", v.here.Path, v.here.Lang)
	}
	v.follow("See how the request stands")
	v.letter("Your request has arrived")
}
