import Domain
import Host
import Testing

/// What pip 23.2 printed in most cases, shortened; of a full disk and a slow index, what it would.
@Suite struct PipComplaintTests {
    @Test(arguments: [
        (
            """
            ERROR: Could not find a version that satisfies the requirement a==1 (from versions: 2)
            ERROR: No matching distribution found for a==1
            """, "ERROR: No matching distribution found for a==1"
        ),
        (
            "ERROR: Invalid requirement: 'foo===bar baz ~~ 1' (from line 1 of r.txt)",
            "ERROR: Invalid requirement: 'foo===bar baz ~~ 1' (from line 1 of r.txt)"
        ),
        (
            """
            Usage: __main__.py [options]

            ERROR: Invalid requirement: --nonsense
            __main__.py: error: no such option: --nonsense
            """, "ERROR: Invalid requirement: --nonsense"
        ),
        (
            """
            Collecting idna==3.4 (from -r r.txt (line 1))
            ERROR: Cannot install idna==3.4 and idna==3.5 because these package versions have \
            conflicting dependencies.

            ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/
            """,
            "ERROR: Cannot install idna==3.4 and idna==3.5 because these package versions have "
                + "conflicting dependencies."
        ),
        (
            "ERROR: Could not open requirements file: [Errno 2] No such file: 'other.txt'",
            "ERROR: Could not open requirements file: [Errno 2] No such file: 'other.txt'"
        ),
        (
            "ERROR: x.whl is not a valid wheel filename.",
            "ERROR: x.whl is not a valid wheel filename."
        ),
        (
            """
              error: subprocess-exited-with-error
              × Getting requirements to build wheel did not run successfully.
              │ exit code: 1
            error: subprocess-exited-with-error
            """, "× Getting requirements to build wheel did not run successfully."
        ),
        (
            """
            error: metadata-generation-failed

            × Encountered error while generating package metadata.
            ╰─> See above for output.
            """, "× Encountered error while generating package metadata."
        ),
        (
            """
              ERROR: Failed building wheel for bad2
            ERROR: Could not build wheels for bad2, which is required to install pyproject.toml
            """, "ERROR: Failed building wheel for bad2"
        ),
    ])
    func `requirements that can never be met are known by pip's own line`(
        output: String, line: String
    ) {
        #expect(pipComplaint(output) == line)
    }

    @Test(arguments: [
        """
        WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) \
        after connection broken by 'NewConnectionError('<HTTPSConnection object>: Failed to \
        establish a new connection: [Errno -2] Name or service not known')': /simple/idna/
        ERROR: No matching distribution found for idna==3.4
        """,
        """
        ERROR: Could not install packages due to an OSError: HTTPSConnectionPool(host='a', \
        port=443): Max retries exceeded with url: /x-1.0.tar.gz
        """,
        """
          fatal: unable to access 'https://a/x.git/': Could not resolve host: a
          × git clone --filter=blob:none --quiet https://a/x.git did not run successfully.
        error: subprocess-exited-with-error
        """,
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        "pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.",
        "Collecting a: ERROR: No matching distribution found for nothing",
        "",
    ])
    func `trouble on the way, and what is not known, is tried again`(output: String) {
        #expect(pipComplaint(output) == nil)
    }

    @Test func `a line without an end is cut`() {
        let line = pipComplaint(
            "ERROR: Invalid requirement: " + String(repeating: "x", count: 9000))
        #expect(line?.count == 300)
    }
}
