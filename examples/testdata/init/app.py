import time


def app(environ, start_response):
    """Half of an answer at once, the other half after longer than the drain of a file for 15 seconds."""
    half = b"x" * 100_000
    start_response("200 OK", [("Content-Length", str(2 * len(half)))])
    yield half
    time.sleep(7)
    yield half


def job():
    print("the job begins", flush=True)
    time.sleep(7)
    print("the job is done", flush=True)
