package example;

import java.util.Map;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Application {

    private final ECKey key;

    Application(ECKey key) {
        this.key = key;
    }

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    /** What the person shares, and how they signed in. Compare `acr` before anything that needs a level. */
    @GetMapping("/")
    Map<String, Object> home(@AuthenticationPrincipal OidcUser person) {
        return person.getClaims();
    }

    /** The public half of our key, at the `jwks_uri` of the registration. */
    @GetMapping("/jwks")
    Map<String, Object> keys() {
        return new JWKSet(key).toJSONObject();
    }
}
