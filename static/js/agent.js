/* The contact's page: everything that it does is started here, and talks to the server last. */

import {startAlerts} from "./agent_alerts.js";
import {startFields} from "./agent_fields.js";
import {startHome} from "./agent_home.js";
import "./agent_open.js";
import {startRequest} from "./agent_request.js";
import {startScreens} from "./agent_screen.js";
import {startTitle} from "./agent_title.js";
import {live} from "./live.js";
import {startShared} from "./shared.js";

startRequest();
startShared();
startHome();
startFields();
startAlerts();
startTitle();
startScreens();
live.start();
