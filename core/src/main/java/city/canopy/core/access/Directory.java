package city.canopy.core.access;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Everybody who can prove who they are: devices, programs, people. Any thread; never blocks. */
public final class Directory implements Callers, MqttLogin {
    private final DeviceCredentials devices;
    private final People people;
    private final Executor blocking;

    /** @param blocking where a person's password is checked */
    public Directory(DeviceCredentials devices, People people, Executor blocking) {
        this.devices = devices;
        this.people = people;
        this.blocking = blocking;
    }

    @Override
    public Optional<Principal> byToken(String token) {
        Optional<ApiToken> known = people.byToken(token);
        return known.isPresent() ? Optional.of(known.get().principal()) : devices.byToken(token);
    }

    @Override
    public Optional<Principal.OfUser> bySession(String cookie) {
        return people.bySession(cookie).map(Person::principal);
    }

    @Override
    public CompletionStage<Optional<Principal>> authenticate(
            String username, byte[] password, X509Certificate clientCertificate, String address) {
        Optional<Principal> device = devices.find(username, password, clientCertificate);
        if (device.isPresent() || username == null || username.isEmpty()) {
            return CompletableFuture.completedFuture(device);
        }
        if (password == null || password.length == 0) {
            return CompletableFuture.completedFuture(byToken(username));
        }
        if (!people.isKnown(username)) {
            // Most likely a device with a wrong password: it must not lock people out who share its address.
            return CompletableFuture.completedFuture(Optional.empty());
        }
        String text = new String(password, StandardCharsets.UTF_8);
        try {
            return CompletableFuture.supplyAsync(() -> person(username, text, address), blocking);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    private Optional<Principal> person(String name, String password, String address) {
        try {
            return people.attempt(name, password, address).map(Person::principal);
        } catch (People.RefusedException | BusyException e) {
            return Optional.empty();
        }
    }
}
