// Package server is everything that people see of MiGlobe in a browser: pages, forms, sign-in.
//
// # A page
//
// A page is a route, a handler, a struct and a template.
//
//   - The route is one row in the route table (routes.go): method, German path, who may, handler. Each area of the site
//     has a function of its own (taskRoutes, …) that routeTable joins. Paths of English pages are the same below /en;
//     the prefix is gone before routing.
//   - The handler is a method of Server that takes a *Context. It returns an error instead of writing one: the code of
//     an advisory.Error chooses the page (errors.go), Explained adds words. A consultation or task that is unknown or not
//     this person's is not_found.
//   - The struct implements Page: Template names the file in templates/, and the struct is listed in the function of its
//     area that pageTypes joins, so that a test checks the template against it.
//   - The template defines "title" (without the name of the site) and "content", which holds one h1. The layout is
//     around it. Files that do not define "content" are shared parts. Functions are in render_funcs.go. Every word comes
//     from package texts.
//
// # A form
//
// GET shows, POST acts. The handler asks for the form by Context.Form, decodes what was posted, validates it, and shows
// the page again with status 422 where something is wrong (package form). Otherwise Context.Submit gives it to the inbox
// and Context.Settled answers: a redirect to a page that begins with a success alert, or the page that says that it is
// saved and will be processed. What needs no engine ends with Context.Done.
//
// Something that a person brings about in a consultation without owing it, such as a rest or a withdrawal, is an initiative
// (initiative.go): a row of initiatives with its form, its words and when it is possible; pages, checks and the link on the
// consultation's page follow from it.
//
// # Who may
//
// Access in the route table says which roles may use a route. Which consultation or task they may see is decided by the
// handler. TaskLink also lets in whoever has the link of a task's mail: such a person has no session right but that one
// task, stands in Context.TaskGrant, and Context.Actor returns it.
package server
