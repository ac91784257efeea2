import Domain
import FoundationEssentials

@testable import Review

extension Forgery {
    /// Keys that do not count, or not for this reviewer, or not now.
    static let keys: [Forgery] = [
        Forgery("Bob signs as Ada", plainGit: .accepts, reason: "belongs to \"bob@example.org\"") {
            try $0.tag(by: "bob")
        },
        Forgery("a stranger signs as Ada", plainGit: .refuses, reason: "not in the trusted") {
            try $0.tag(by: "eve")
        },
        Forgery("a key for another namespace", plainGit: .refuses, reason: "does not let") {
            $0.signers = "ada@example.org namespaces=\"file\" \($0.ada)\n"
            try $0.tag()
        },
        Forgery("back-dated with an expired key", plainGit: .accepts, reason: "valid until 2025") {
            $0.signers = "ada@example.org valid-before=\"20250101Z\" \($0.ada)\n"
            try $0.tag(at: "2024-06-01T00:00:00Z")
        },
        Forgery("post-dated with a future key", plainGit: .accepts, reason: "valid from 2027") {
            $0.signers = "ada@example.org valid-after=\"20270101Z\" \($0.ada)\n"
            try $0.tag(at: "2027-06-01T00:00:00Z")
        },
        Forgery("a key in the list of revoked keys", plainGit: .refuses, reason: "is revoked") {
            try $0.scratch.write("revoked", ($0.ada + "\n").utf8)
            try $0.tag(at: "2020-01-01T00:00:00Z")
        },
        Forgery("a key in a binary list", plainGit: .refuses, reason: "is revoked") {
            try $0.scratch.run("ssh-keygen -q -k -f revoked ada.pub")
            try $0.tag()
        },
        Forgery("a key by its hash in a binary list", plainGit: .refuses, reason: "is revoked") {
            try $0.scratch.write("hashes", "sha256: \($0.ada)\n".utf8)
            try $0.scratch.run("ssh-keygen -q -k -f revoked hashes")
            try $0.tag()
        },
        Forgery("a list that is cut off", plainGit: .refuses, reason: "cannot be read") {
            try $0.scratch.run("ssh-keygen -q -k -f whole bob.pub; head -c 70 whole > revoked")
            try $0.tag()
        },
        Forgery("only a wildcard names Ada", plainGit: .accepts, reason: "wildcard") {
            $0.signers = "*@example.org \($0.eve)\n"
            try $0.tag(by: "eve")
        },
        Forgery("a pattern that spares Bob", plainGit: .accepts, reason: "wildcard") {
            $0.signers = "*,!bob@example.org \($0.eve)\n"
            try $0.tag(by: "eve")
        },
        Forgery("an RSA key of 2048 bits", plainGit: .accepts, reason: "at least 3072") {
            $0.signers = "ada@example.org \(try $0.scratch.key("weak", "rsa -b 2048"))\n"
            try $0.tag(by: "weak")
        },
        Forgery("a DSA key", plainGit: .accepts, reason: "\"ssh-dss\" are not supported") {
            $0.signers = "ada@example.org \(try $0.scratch.key("weak", "dsa"))\n"
            try $0.tag(by: "weak")
        },
        Forgery("an authority's key itself", plainGit: .refuses, reason: "not in the trusted") {
            $0.signers = "ada@example.org cert-authority \($0.eve)\n"
            try $0.tag(by: "eve")
        },
        Forgery("a security key that nobody touched", plainGit: .accepts, reason: "not touched") {
            let key = try SecurityKey(.ed25519, in: $0.scratch)
            $0.signers = "ada@example.org \(key.line)\n"
            let body = Array(try $0.body().utf8)
            try $0.publish(raw: body + (try key.signature(of: body, flags: 0)))
        },
    ]

    /// Signatures that are not what they seem.
    static let signatures: [Forgery] = [
        Forgery("signed as a file (-n file)", plainGit: .refuses, reason: "namespace \"file\"") {
            let body = try $0.body()
            try $0.publish(
                raw: Array(body.utf8) + (try $0.sign(body, namespace: "file")))
        },
        Forgery("a file's signature relabelled", plainGit: .refuses, reason: "does not belong") {
            let body = try $0.body()
            var blob = try SignatureBlob(armoured: try $0.sign(body, namespace: "file"))
            blob.namespace = "git"
            try $0.publish(raw: Array(body.utf8) + blob.armoured)
        },
        Forgery("the commit's signature", plainGit: .refuses, reason: "does not belong") { yard in
            try yard.scratch.run(
                "cd repo; git cat-file commit HEAD | sed '/^gpgsig/,/END SSH/d' > ../commit")
            let signature = try yard.scratch.signature(
                of: try yard.scratch.read("commit"), by: "ada")
            try yard.publish(raw: Array(try yard.body().utf8) + signature)
        },
        Forgery("another tag's signature", plainGit: .refuses, reason: "does not belong") {
            try $0.tag("elsewhere")
            let other = try TagObject(raw: $0.raw).signature
            $0.ref = "refs/tags/\(approveName)"
            try $0.publish(raw: Array(try $0.body().utf8) + other)
        },
        Forgery("a commit swapped after signing", plainGit: .refuses, reason: "does not belong") {
            try $0.tag()
            let text = String(decoding: $0.raw, as: UTF8.self)
            let other = "object " + String(repeating: "1", count: 40)
            try $0.publish(raw: Array((other + text.dropFirst(47)).utf8))
        },
        Forgery("Eve's signature beside Ada's key", plainGit: .refuses, reason: "not belong") {
            let body = try $0.body()
            var blob = try SignatureBlob(armoured: try $0.sign(body, by: "eve"))
            blob.signer = try wireBytes(of: $0.ada)
            try $0.publish(raw: Array(body.utf8) + blob.armoured)
        },
        Forgery("version 2 of the format", plainGit: .refuses, reason: "version 2") {
            try $0.forge { $0.version = 2 }
        },
        Forgery("another magic", plainGit: .refuses, reason: "magic") {
            try $0.forge { $0.magic = "SSHSIH" }
        },
        Forgery("something in the reserved field", plainGit: .accepts, reason: "reserved field") {
            try $0.forge { $0.reserved = [1] }
        },
        Forgery("SHA-1 as the hash", plainGit: .refuses, reason: "hash is \"sha1\"") {
            try $0.forge { $0.hash = "sha1" }
        },
        Forgery("bytes inside the armour's end", plainGit: .refuses, reason: "left after") {
            try $0.forge { $0.rest = [0] }
        },
        Forgery("bytes behind the signature's own", plainGit: .refuses, reason: "left after") {
            try $0.forge { $0.signature += [0] }
        },
        Forgery("a signature without its end", plainGit: .refuses, reason: "ends inside") {
            try $0.forge {
                var writer = SSHWriter()
                writer.string(Array("ssh-ed25519".utf8))
                writer.string(Array($0.signature.suffix(64).dropLast(8)))
                $0.signature = Array(writer.bytes.dropLast(4))
            }
        },
        Forgery("a signature cut to half", plainGit: .refuses, reason: "does not belong") {
            try $0.forge {
                var writer = SSHWriter()
                writer.string(Array("ssh-ed25519".utf8))
                writer.string(Array($0.signature.suffix(32)))
                $0.signature = writer.bytes
            }
        },
        Forgery("an armour without its end", plainGit: .refuses, reason: "not well-formed") {
            try $0.tag()
            try $0.publish(raw: Array($0.raw.dropLast(30)))
        },
        Forgery("RSA with SHA-1", plainGit: .refuses, reason: "of type \"ssh-rsa\"") { yard in
            let line = try yard.scratch.key("rsa", "rsa -b 3072 -m PEM")
            yard.signers = "ada@example.org \(line)\n"
            let body = try yard.body()
            var blob = SignatureBlob(signer: try wireBytes(of: line), signature: [])
            try yard.scratch.write("body", body.utf8)
            try yard.scratch.run("openssl dgst -sha512 -binary body > hash")
            var signed = SSHWriter()
            signed.raw(Array("SSHSIG".utf8))
            for part in ["git", "", "sha512"] { signed.string(Array(part.utf8)) }
            signed.string(try yard.scratch.read("hash"))
            try yard.scratch.write("blob", signed.bytes)
            try yard.scratch.run("openssl dgst -sha1 -sign rsa -binary blob > rsa.signature")
            var writer = SSHWriter()
            writer.string(Array("ssh-rsa".utf8))
            writer.string(try yard.scratch.read("rsa.signature"))
            blob.signature = writer.bytes
            try yard.publish(raw: Array(body.utf8) + blob.armoured)
        },
    ]
}
