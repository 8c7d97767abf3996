#!/usr/bin/python3
# Opens a page in WebKitGTK, with a profile on disk and chosen engine features: webkitgtk.py PROFILE FEATURES URL
# Any other python3 than the system's has no bindings. MiniBrowser would do but for its profile, which is off the record
# when automated: the origin's private file system does not work there.
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

profile, features, url = sys.argv[1:4]
data = WebKit2.WebsiteDataManager(
    base_data_directory=profile + "/data", base_cache_directory=profile + "/cache"
)
context = WebKit2.WebContext.new_with_website_data_manager(data)

settings = WebKit2.Settings()
known = WebKit2.Settings.get_all_features()
by_name = {
    feature.get_identifier(): feature
    for feature in (known.get(at) for at in range(known.get_length()))
}
for name in filter(None, features.split(",")):
    settings.set_feature_enabled(by_name[name], True)

view = WebKit2.WebView(web_context=context, settings=settings)
window = Gtk.Window()
window.set_default_size(800, 600)
window.add(view)
window.connect("destroy", Gtk.main_quit)
window.show_all()
view.load_uri(url)
Gtk.main()
