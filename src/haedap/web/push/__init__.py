"""Push to browsers: the WebSocket `/ws`. What a desk and a wallboard show, as it is now and as it changes.

* `state`: the live rows of the centre, and who may see what of them. Pure.
* `rows`: the same out of PostgreSQL, each read in one snapshot.
* `hub`: one per process; listens to PostgreSQL and tells the clients.
* `clients`: one open socket; a slow one gets a fresh snapshot later and never holds up the others.
* `sessions`: who is logged in. `application`: the ASGI application.
"""

from haedap.config import get_settings
from haedap.web.push.application import PushApplication

application = PushApplication(get_settings().database_url)
