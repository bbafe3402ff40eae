package city.canopy.gateway.lwm2m;

import city.canopy.devices.envelope.EdgeDevice;
import city.canopy.gateway.config.Directory;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPath;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.CertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.eclipse.leshan.core.security.certificate.util.X509CertUtil;

/**
 * Takes a device's certificate in the handshake when the directory knows its fingerprint, it is in force now, and its
 * common name is the device's: LwM2M names an endpoint so. Who issued it does not matter.
 */
final class DeviceCertificates implements CertificateVerifier {
    private final Directory directory;
    private final Clock clock;
    private final LwM2mMetrics metrics;

    DeviceCertificates(Directory directory, Clock clock, LwM2mMetrics metrics) {
        this.directory = directory;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public List<CertificateType> getSupportedCertificateTypes() {
        return List.of(CertificateType.X_509);
    }

    @Override
    public CertificateVerificationResult verifyCertificate(
            ConnectionId cid,
            ServerNames serverNames,
            InetSocketAddress remotePeer,
            boolean clientUsage,
            boolean verifySubject,
            boolean truncateCertificatePath,
            CertificateMessage message) {
        CertPath chain = message.getCertificateChain();
        if (chain != null && !chain.getCertificates().isEmpty() && isKnown(chain)) {
            return new CertificateVerificationResult(cid, chain, null);
        }
        metrics.refused(Refused.CERTIFICATE);
        return new CertificateVerificationResult(
                cid,
                new HandshakeException(
                        "the certificate is no device's of this gateway",
                        new AlertMessage(AlertLevel.FATAL, AlertDescription.BAD_CERTIFICATE)));
    }

    private boolean isKnown(CertPath chain) {
        X509Certificate certificate = (X509Certificate) chain.getCertificates().get(0);
        try {
            certificate.checkValidity(Date.from(clock.instant()));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            Optional<EdgeDevice> device = directory.byFingerprint(HexFormat.of().formatHex(digest));
            String name =
                    X509CertUtil.extractCN(certificate.getSubjectX500Principal().getName());
            return device.isPresent() && device.get().id().value().equals(name);
        } catch (GeneralSecurityException | IllegalStateException | IllegalArgumentException e) {
            // Out of date, or without a name: it is refused, and counted by the caller.
            return false;
        }
    }

    @Override
    public List<X500Principal> getAcceptedIssuers() {
        return List.of();
    }

    @Override
    public void setResultHandler(HandshakeResultHandler handler) {
        // Every answer is given at once.
    }
}
