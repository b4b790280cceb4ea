"""For all tests: signals as a terminal would give them. A background job of a shell starts with SIGINT and SIGQUIT ignored,
and what is ignored stays so in every child."""
import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
