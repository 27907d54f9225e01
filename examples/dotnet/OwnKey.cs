using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

/// <summary>This client's key (a JWK on P-256, in a file that only this program reads), for a client that proves itself by private_key_jwt.</summary>
public sealed class OwnKey(string file)
{
    private readonly SigningCredentials credentials = new(new JsonWebKey(File.ReadAllText(file)), "ES256");

    /// <summary>Who we are, for the issuer alone, for a minute and once (RFC 7523 §3), beside the code.</summary>
    public Task Prove(AuthorizationCodeReceivedContext context, string issuer)
    {
        var request = context.TokenEndpointRequest!;
        request.ClientAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        request.ClientAssertion = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = request.ClientId,
            Audience = issuer,
            Claims = new Dictionary<string, object> { ["sub"] = request.ClientId, ["jti"] = Guid.NewGuid().ToString() },
            Expires = DateTime.UtcNow.AddMinutes(1),
            SigningCredentials = credentials,
        });
        return Task.CompletedTask;
    }
}
