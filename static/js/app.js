// Everything works without this file: it only adds what GOV.UK Frontend adds.
import { initAll } from "../vendor/govuk-frontend.min.js";

initAll();
