// What the pages gain from JavaScript; all of them work without it.
import * as govuk from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const name of ["Button", "CharacterCount", "Checkboxes", "ErrorSummary", "ExitThisPage", "NotificationBanner", "Radios", "SkipLink"]) {
  govuk.createAll(govuk[name]);
}
