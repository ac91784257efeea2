import Domain

@testable import Review

extension Forgery {
    /// Tags that are none, or are published as something else.
    static let objects: [Forgery] = [
        Forgery("a lightweight tag on a signed commit", plainGit: .refuses, reason: "lightweight") {
            try $0.tag(options: "")
            try $0.scratch.run("cd repo; git tag -f '\(approveName)' HEAD")
            try $0.publish()
        },
        Forgery("an annotated tag without a signature", plainGit: .refuses, reason: "not signed") {
            try $0.tag(options: "-a")
        },
        Forgery("a tag object under another ref", plainGit: .accepts, reason: "pushed as") {
            try $0.tag("release-notes")
            $0.ref = "refs/tags/\(approveName)"
        },
        Forgery("an approval of another model", plainGit: .accepts, reason: "pushed as") {
            try $0.tag("approve/letters/5f5f5f5f5f5f5f5f/ada@example.org")
            $0.ref = "refs/tags/\(approveName)"
        },
        Forgery("a rejection published as an approval", plainGit: .accepts, reason: "pushed as") {
            try $0.tag("reject/digits/5f5f5f5f5f5f5f5f/ada@example.org")
            $0.ref = "refs/tags/\(approveName)"
        },
        Forgery("Ada's approval published as Bob's", plainGit: .accepts, reason: "pushed as") {
            try $0.tag()
            $0.ref = "refs/tags/approve/digits/5f5f5f5f5f5f5f5f/bob@example.org"
        },
        Forgery("older evidence under a newer name", plainGit: .accepts, reason: "pushed as") {
            try $0.tag("approve/digits/1111111111111111/ada@example.org")
            $0.ref = "refs/tags/\(approveName)"
        },
        Forgery("a name with another case", plainGit: .accepts, reason: "pushed as") {
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/Ada@example.org")
            $0.ref = "refs/tags/\(approveName)"
        },
        Forgery("a part too many in the name", plainGit: .accepts, reason: "approve/<model>") {
            try $0.tag(approveName + "/x")
        },
        Forgery("a tag of a tag", plainGit: .accepts, reason: "points at a \"tag\"") {
            try $0.tag("inner")
            try $0.tag(what: "inner")
        },
        Forgery("a tag of a tree", plainGit: .accepts, reason: "points at a \"tree\"") {
            try $0.tag(what: "'HEAD^{tree}'")
        },
    ]

    /// Objects that git's own commands would not write.
    static let malformed: [Forgery] = [
        Forgery("ten megabytes", plainGit: .accepts, reason: "at most 65536") {
            let text = String(repeating: String(repeating: "x", count: 99) + "\n", count: 100_000)
            try $0.forge(try $0.body(message: text + "\nEvidence: \(evidence)\n"))
        },
        Forgery("no tagger", plainGit: .refuses, reason: "no header `tagger`") {
            let tagger = "tagger Ada <ada@example.org> 1780185600 +0000\n"
            try $0.forge(try $0.body().replacing(tagger, with: ""))
        },
        Forgery("two objects", plainGit: .accepts, reason: "no header `type`") { yard in
            let other = "object \(String(repeating: "1", count: 40))\n"
            try yard.forge(other + (try yard.body()))
        },
        Forgery("two names", plainGit: .accepts, reason: "no header `tagger`") {
            try $0.forge(try $0.body(name: "\(approveName)\ntag innocent"))
        },
        Forgery("two taggers", plainGit: .accepts, reason: "not followed by an empty line") {
            let tagger = "Ada <ada@example.org> 1780185600 +0000"
            try $0.forge(try $0.body(tagger: "\(tagger)\ntagger \(tagger)"))
        },
        Forgery("an injected header", plainGit: .accepts, reason: "not followed by an empty line") {
            try $0.forge(try $0.body(tagger: "Ada <ada@example.org> 1 +0000\nEvidence: x"))
        },
        Forgery("headers in another order", plainGit: .accepts, reason: "no header `object`") {
            let lines = try $0.body().split(separator: "\n", omittingEmptySubsequences: false)
            try $0.forge(([lines[1], lines[0]] + lines[2...]).joined(separator: "\n"))
        },
        Forgery("a zero byte in the message", plainGit: .accepts, reason: "zero byte") {
            let text = "Fine.\0No.\n\nEvidence: \(evidence)\n"
            try $0.forge(try $0.body(message: text))
        },
        Forgery("a zero byte in the name", plainGit: .refuses, reason: "zero byte") {
            try $0.forge(try $0.body(name: approveName + "\0x"))
        },
        Forgery("lines that end in CR LF", plainGit: .accepts, reason: "control character") {
            try $0.forge(try $0.body().replacing("\n", with: "\r\n"))
        },
        Forgery("a CR behind the kind", plainGit: .accepts, reason: "control character") {
            try $0.forge(try $0.body().replacing("type commit", with: "type commit\r"))
        },
        Forgery("an object id in upper case", plainGit: .accepts, reason: "not an object id") {
            let lines = try $0.body().split(separator: "\n", omittingEmptySubsequences: false)
            let object = "object " + lines[0].dropFirst(7).uppercased()
            try $0.forge(([object[...]] + lines[1...]).joined(separator: "\n"))
        },
        Forgery("the signature twice", plainGit: .refuses, reason: "more than one signature") {
            try $0.tag()
            let start = try TagObject(raw: $0.raw).signedBytes.count
            try $0.publish(raw: $0.raw + $0.raw[start...])
        },
        Forgery("signed over a signed tag", plainGit: .accepts, reason: "more than one signature") {
            try $0.tag()
            try $0.forge(String(decoding: $0.raw, as: UTF8.self))
        },
        Forgery("an SSH and a GPG block", plainGit: .accepts, reason: "more than one signature") {
            let block = "-----BEGIN PGP SIGNATURE-----\n\nAA==\n-----END PGP SIGNATURE-----\n"
            try $0.forge(try $0.body() + block)
        },
        Forgery("a block of CMS", plainGit: .refuses, reason: "other than SSH") {
            let block = "-----BEGIN SIGNED MESSAGE-----\nAA==\n-----END SIGNED MESSAGE-----\n"
            try $0.publish(raw: Array((try $0.body() + block).utf8))
        },
        Forgery("a GPG block that nobody can check", plainGit: .refuses, reason: "no GPG key") {
            let block = "-----BEGIN PGP SIGNATURE-----\n\nAA==\n-----END PGP SIGNATURE-----\n"
            try $0.publish(raw: Array((try $0.body() + block).utf8))
        },
        Forgery("bytes behind the signature", plainGit: .accepts, reason: "not well-formed") {
            try $0.tag()
            try $0.publish(raw: $0.raw + Array("and what nobody signed\n".utf8))
        },
        Forgery("an empty line at the end", plainGit: .accepts, reason: "not well-formed") {
            try $0.tag()
            try $0.publish(raw: $0.raw + Array("\n".utf8))
        },
        Forgery("the signature in a header", plainGit: .refuses, reason: "is not signed") {
            let body = try $0.body()
            let lines = String(decoding: try $0.sign(body), as: UTF8.self)
                .split(separator: "\n").joined(separator: "\n ")
            let signed = body.replacing("\n\nLooks", with: "\ngpgsig \(lines)\n\nLooks")
            try $0.publish(raw: Array(signed.utf8))
        },
    ]
}
