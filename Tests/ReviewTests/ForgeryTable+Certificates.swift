import Domain

@testable import Review

extension Forgery {
    /// Certificates of an authority that may name everybody at example.org.
    static let certificates: [Forgery] = [
        certificate("a certificate that expired", plainGit: .accepts, reason: "was valid until") {
            try $0.certified("-V 20240101000000:20250101000000")
            try $0.tag(by: "eve-cert", at: "2024-06-01T00:00:00Z")
        },
        certificate("a certificate of the future", plainGit: .accepts, reason: "is valid from") {
            try $0.certified("-V 20270101000000:20280101000000")
            try $0.tag(by: "eve-cert", at: "2027-06-01T00:00:00Z")
        },
        certificate("a certificate for Bob", plainGit: .accepts, reason: "names \"bob@") {
            try $0.certified(names: "bob@example.org")
            try $0.tag(by: "eve-cert")
        },
        certificate("a certificate for a pattern", plainGit: .accepts, reason: "names \"*@") {
            try $0.certified(names: "*@example.org")
            try $0.tag(by: "eve-cert")
        },
        certificate("a certificate for nobody", plainGit: .refuses, reason: "names nobody") {
            try $0.certified(names: "")
            try $0.tag(by: "eve-cert")
        },
        certificate("a certificate for a host", plainGit: .refuses, reason: "not one for users") {
            try $0.certified("-h -V always:forever")
            try $0.tag(by: "eve-cert")
        },
        certificate("a stranger as authority", plainGit: .refuses, reason: "no trusted cert") {
            _ = try $0.scratch.certificate("eve", by: "bob")
            try $0.tag(by: "eve-cert")
        },
        certificate("a reviewer as authority", plainGit: .refuses, reason: "no trusted cert") {
            $0.signers = "ada@example.org \($0.ada)\n"
            _ = try $0.scratch.certificate("eve", by: "ada")
            try $0.tag(by: "eve-cert")
        },
        certificate("an authority for others", plainGit: .refuses, reason: "not trusted to name") {
            $0.signers = $0.signers.replacing("*@example.org", with: "*@elsewhere.org")
            try $0.certified()
            try $0.tag(by: "eve-cert")
        },
        certificate("an unknown critical option", plainGit: .accepts, reason: "\"new@x.org\"") {
            try $0.certified("-V always:forever -O critical:new@x.org=1")
            try $0.tag(by: "eve-cert")
        },
        certificate("a certificate for one command", plainGit: .accepts, reason: "force-command") {
            try $0.certified("-V always:forever -O force-command=/bin/true")
            try $0.tag(by: "eve-cert")
        },
        certificate("a certificate revoked by serial", plainGit: .refuses, reason: "serial 7") {
            try $0.certified()
            try $0.scratch.write("serials", "serial: 7\n".utf8)
            try $0.scratch.run("ssh-keygen -q -k -f revoked -s ca.pub serials")
            try $0.tag(by: "eve-cert")
        },
        certificate("a certificate revoked by id", plainGit: .refuses, reason: "\"key of ada\"") {
            try $0.certified()
            try $0.scratch.write("ids", "id: key of ada\n".utf8)
            try $0.scratch.run("ssh-keygen -q -k -f revoked -s ca.pub ids")
            try $0.tag(by: "eve-cert")
        },
        certificate("the key in it is revoked", plainGit: .refuses, reason: "is revoked") {
            try $0.certified()
            try $0.scratch.run("ssh-keygen -q -k -f revoked eve.pub")
            try $0.tag(by: "eve-cert")
        },
        certificate("the authority is revoked", plainGit: .refuses, reason: "authority of the") {
            try $0.certified()
            try $0.scratch.run("ssh-keygen -q -k -f revoked ca.pub")
            try $0.tag(by: "eve-cert")
        },
        certificate("a name changed after signing", plainGit: .refuses, reason: "was not signed") {
            try $0.certified(names: "adb@example.org")
            try $0.forgeCertificate { blob in
                let name = Array("adb@example.org".utf8)
                let start = blob.indices.first { blob[$0...].starts(with: name) }
                if let start { blob[start + 2] = UInt8(ascii: "a") }
            }
        },
        certificate("another key under the same paper", plainGit: .refuses, reason: "belong") {
            try $0.certified()
            let body = try $0.body()
            var blob = try SignatureBlob(armoured: try $0.sign(body, by: "bob"))
            blob.signer = try Self.paper($0)
            try $0.publish(raw: Array(body.utf8) + blob.armoured)
        },
    ]

    private static func certificate(
        _ name: String, plainGit: PlainGit, reason: String,
        make: @escaping @Sendable (ForgeryYard) throws -> Void
    ) -> Forgery {
        Forgery(name, plainGit: plainGit, reason: reason) { yard in
            yard.signers = "*@example.org cert-authority \(try yard.scratch.key("ca"))\n"
            try make(yard)
        }
    }

    fileprivate static func paper(_ yard: ForgeryYard) throws -> [UInt8] {
        try wireBytes(of: try yard.scratch.text("eve-cert.pub"))
    }
}

extension ForgeryYard {
    /// Certifies Eve's key.
    fileprivate func certified(
        _ options: String = "-V always:forever -z 7", names: String = "ada@example.org"
    ) throws {
        _ = try scratch.certificate("eve", by: "ca", names: names, options: options)
    }

    /// Signs by Eve's key and shows another certificate.
    fileprivate func forgeCertificate(_ change: (inout [UInt8]) -> Void) throws {
        let body = try body()
        var blob = try SignatureBlob(armoured: try sign(body, by: "eve"))
        blob.signer = try Forgery.paper(self)
        change(&blob.signer)
        try publish(raw: Array(body.utf8) + blob.armoured)
    }
}
