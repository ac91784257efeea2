import CCurl

extension Outcome {
    /// The error behind libcurl's code.
    /// - Parameter secrets: what libcurl's own words must not repeat.
    func error(
        server: String, connectSeconds: Double, wholeSeconds: Double, secrets: Secrets
    ) -> TransferError {
        let reason = secrets.cleaned(detail, or: plainText)
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_PROXY:
            return .unreachable(server: server, reason: reason)
        case CURLE_OPERATION_TIMEDOUT:
            return .deadline(
                server: server,
                seconds: isConnected ? wholeSeconds : min(connectSeconds, wholeSeconds))
        case CURLE_ABORTED_BY_CALLBACK:
            return .cancelled(server: server)
        case CURLE_SSL_CONNECT_ERROR where isBroken:
            return .interrupted(server: server, reason: reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE, CURLE_USE_SSL_FAILED:
            return .tlsRefused(server: server, reason: reason)
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
            CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY, CURLE_UPLOAD_FAILED,
            // Because the URL was checked before: the server's answer is in another protocol.
            CURLE_UNSUPPORTED_PROTOCOL:
            return .interrupted(server: server, reason: reason)
        case CURLE_URL_MALFORMAT:
            return .malformedURL(reason: plainText)
        default:
            return .library(during: "the exchange with \(server)", message: reason)
        }
    }

    /// Whether the connection broke while TLS was being set up, which may go better next time.
    private var isBroken: Bool {
        ["reset by peer", "SYSCALL", "unexpected eof", "non-properly terminated"]
            .contains { detail.contains($0) }
    }
}
