from mysite.formats.nb.formats import *  # noqa: F403  the two written standards write dates and numbers alike
