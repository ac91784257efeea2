import Domain
import Testing

private let dead = """
    [{"attempts":20,"channel":"team","created":5000,"event":"msg_1","id":12,"kind":"gate-failed",\
    "lastError":"404 Not Found","model":"digits","nextAttempt":6000,"state":"dead",\
    "title":"digits/17 stopped at the gate"}]
    """

@Test func `letters that were given up are listed, with what went wrong`() async throws {
    let answers = [
        "/api/v1/letters?limit=1": dead, "/api/v1/letters?state=dead&limit=20": dead,
        "/api/v1/letters?state=sent&limit=20": "[]",
    ]
    try await Desk.use { desk in
        try await StandIn.use(answers, on: desk) {
            let list = try await desk.slipway("letters")
            #expect(list.code == 0)
            for word in ["12", "team", "gate-failed", "20", "404 Not Found"] {
                #expect(list.output.contains(word), "no \(word)")
            }
            let none = try await desk.slipway("letters", "--show", "sent")
            #expect(none.code == 0 && none.errors == "no letter was sent\n")
        }
    }
}

@Test func `letters without a daemon and without a journal are no letters`() async throws {
    try await Desk.use { desk in
        let letters = try await desk.slipway("letters", "--retry", "all")
        #expect(letters.code == 4)
    }
}
