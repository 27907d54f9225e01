package example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.endpoint.NimbusJwtClientAuthenticationParametersConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.web.SecurityFilterChain;

@Configuration
public class Security {

    @Bean
    SecurityFilterChain chain(HttpSecurity http, ClientRegistrationRepository clients, ECKey key) throws Exception {
        // PKCE is required of every client; Spring sends it by itself only for clients without a secret.
        var requests = new DefaultOAuth2AuthorizationRequestResolver(clients, "/oauth2/authorization");
        requests.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
        var afterSignOut = new OidcClientInitiatedLogoutSuccessHandler(clients);
        afterSignOut.setPostLogoutRedirectUri("{baseUrl}/");
        return http
            .authorizeHttpRequests(who -> who.requestMatchers("/jwks").permitAll().anyRequest().authenticated())
            .oauth2Login(login -> login
                .authorizationEndpoint(at -> at.authorizationRequestResolver(requests))
                .tokenEndpoint(at -> at.accessTokenResponseClient(tokens(key))))
            .logout(out -> out.logoutSuccessHandler(afterSignOut))
            .build();
    }

    /** Our assertion is made for the issuer; by itself Spring names the token endpoint, which the e-ID refuses (RFC 7523). */
    private static RestClientAuthorizationCodeTokenResponseClient tokens(ECKey key) {
        var proof = new NimbusJwtClientAuthenticationParametersConverter<OAuth2AuthorizationCodeGrantRequest>(client -> key);
        proof.setJwtClientAssertionCustomizer(assertion -> assertion.getClaims().audience(List.of(
            assertion.getAuthorizationGrantRequest().getClientRegistration().getProviderDetails().getIssuerUri())));
        var client = new RestClientAuthorizationCodeTokenResponseClient();
        client.addParametersConverter(proof);
        return client;
    }

    /** ID tokens are signed with ES256; by itself Spring expects RS256. */
    @Bean
    JwtDecoderFactory<ClientRegistration> idTokens() {
        var factory = new OidcIdTokenDecoderFactory();
        factory.setJwsAlgorithmResolver(client -> SignatureAlgorithm.ES256);
        return factory;
    }

    /** Made at the first start, kept in a file that only this program reads. */
    @Bean
    ECKey ownKey(@Value("${eid.key-file}") Path file) throws Exception {
        if (!Files.exists(file)) {
            var made = new ECKeyGenerator(Curve.P_256).keyID(UUID.randomUUID().toString()).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.ES256).generate();
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, made.toJSONString());
        }
        return ECKey.parse(Files.readString(file));
    }
}
