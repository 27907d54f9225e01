using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://localhost:3015");
var issuer = builder.Configuration["ISSUER"] ?? "http://localhost:3000";

builder.Services
    .AddAuthentication(options =>
    {
        options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
    })
    .AddCookie()
    .AddOpenIdConnect(options =>
    {
        options.Authority = issuer;
        options.RequireHttpsMetadata = !issuer.StartsWith("http://localhost");
        options.ClientId = "example-dotnet";
        options.ClientSecret = builder.Configuration["CLIENT_SECRET"] ?? "development-only-dotnet-0123456789abcdef0123456789abcdef";
        options.ResponseType = "code";
        options.UsePkce = true;
        // The default is form_post, for which browsers send the cookies of this sign-in only over https.
        options.ResponseMode = "query";
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.NonceCookie.SameSite = SameSiteMode.Lax;

        options.Scope.Clear();
        options.Scope.Add("openid");
        options.Scope.Add("profile");
        options.GetClaimsFromUserInfoEndpoint = true;
        options.SaveTokens = true; // the ID token is needed to sign out without a question
        options.MapInboundClaims = false;
        options.TokenValidationParameters.NameClaimType = "name";
        options.TokenValidationParameters.ValidAlgorithms = ["ES256"];
        // By itself the handler throws `acr` away and takes only some of what UserInfo says.
        options.ClaimActions.Remove("acr");
        options.ClaimActions.MapJsonKey("birthdate", "birthdate");
        options.ClaimActions.MapJsonKey("gender", "gender");
    });
builder.Services.AddAuthorization();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/", (HttpContext context) => context.User.Claims.Select(claim => new { claim.Type, claim.Value })).RequireAuthorization();

app.MapGet("/sign-out", () => Results.SignOut(
    new AuthenticationProperties { RedirectUri = "/" },
    [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]));

app.Run();
